package io.qanat.lint;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.annotation.AnnotationBeanNameGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;

/** The classes behind the names by which YAML calls beans. */
final class BeanClasses {
  private final Map<String, Class<?>> byName = new HashMap<>();

  /** Looks for the Spring beans of this package, without making one. */
  BeanClasses(String basePackage) {
    var names = new AnnotationBeanNameGenerator();
    var registry = new DefaultListableBeanFactory();
    var scanner = new ClassPathScanningCandidateComponentProvider(true);
    for (BeanDefinition definition : scanner.findCandidateComponents(basePackage)) {
      if (definition instanceof AnnotatedBeanDefinition annotated) {
        load(String.valueOf(annotated.getBeanClassName()))
            .ifPresent(
                type -> {
                  byName.put(names.generateBeanName(annotated, registry), type);
                  Stream.of(type.getDeclaredMethods()).forEach(this::addFactoryMethod);
                });
      }
    }
  }

  private void addFactoryMethod(Method method) {
    Bean bean = method.getAnnotation(Bean.class);
    if (bean == null) {
      return;
    }
    String[] names = bean.name().length > 0 ? bean.name() : bean.value();
    Stream.of(names.length > 0 ? names : new String[] {method.getName()})
        .forEach(name -> byName.put(name, method.getReturnType()));
  }

  /** The class called so, or of the bean called so. */
  Optional<Class<?>> find(String name) {
    String plain = name.replaceFirst("^#(class|bean):", "").replaceFirst("[(].*", "");
    Class<?> known = byName.get(plain);
    return known == null && plain.contains(".") ? load(plain) : Optional.ofNullable(known);
  }

  private static Optional<Class<?>> load(String name) {
    try {
      return Optional.of(Class.forName(name, false, BeanClasses.class.getClassLoader()));
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    }
  }
}

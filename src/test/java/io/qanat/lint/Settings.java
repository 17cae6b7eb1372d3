package io.qanat.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.qanat.HubProperties;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/** The properties that the hub knows: its own, and those of what it is made of. */
final class Settings {
  private static final String METADATA = "META-INF/spring-configuration-metadata.json";

  private Settings() {}

  /** Each as the environment writes it; an index of a list is written as {@code 0}. */
  static Set<String> environmentNames() throws IOException {
    Set<String> names = new TreeSet<>();
    for (URL url : Collections.list(Settings.class.getClassLoader().getResources(METADATA))) {
      try (InputStream metadata = url.openStream()) {
        for (JsonNode property : new ObjectMapper().readTree(metadata).path("properties")) {
          names.add(environmentName(property.path("name").asText()));
        }
      }
    }
    file(Yaml.parse(Files.readString(Path.of("src/main/resources/application.yaml"))), "", names);
    var records = new ClassPathScanningCandidateComponentProvider(false);
    records.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
    for (BeanDefinition found :
        records.findCandidateComponents(HubProperties.class.getPackageName())) {
      try {
        Class<?> type = Class.forName(found.getBeanClassName());
        components(type, type.getAnnotation(ConfigurationProperties.class).value(), names);
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException(e);
      }
    }
    return names;
  }

  private static void file(Yaml piece, String path, Set<String> names) {
    names.add(environmentName(path));
    for (Map.Entry<String, Yaml> field : piece.fields().entrySet()) {
      file(field.getValue(), path.isEmpty() ? field.getKey() : path + "." + field.getKey(), names);
    }
  }

  private static void components(Class<?> type, String path, Set<String> names) {
    if (!type.isRecord()) {
      names.add(environmentName(path));
      return;
    }
    for (RecordComponent component : type.getRecordComponents()) {
      String below = path + "." + component.getName();
      if (component.getGenericType() instanceof ParameterizedType list
          && component.getType() == List.class) {
        Type item = list.getActualTypeArguments()[0];
        names.add(environmentName(below));
        components((Class<?>) item, below + ".0", names);
      } else {
        components(component.getType(), below, names);
      }
    }
  }

  private static String environmentName(String property) {
    return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
  }
}

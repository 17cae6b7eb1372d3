package io.qanat.task;

import io.qanat.Migration;
import io.qanat.kafka.TopicWatch;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.util.ClassUtils;

/** Leaves out of a task the hub's beans that serve somebody, or work by themselves. */
final class TaskBeans extends TypeExcludeFilter {
  private static final Set<String> PACKAGES =
      Set.of("io.qanat", "io.qanat.task", "io.qanat.kafka", "io.qanat.mongodb", "io.qanat.postgis");

  @Override
  public boolean match(MetadataReader read, MetadataReaderFactory factory) {
    String name = read.getClassMetadata().getClassName();
    boolean migrates =
        List.of(read.getClassMetadata().getInterfaceNames()).contains(Migration.class.getName());
    return name.equals(TopicWatch.class.getName())
        || (!PACKAGES.contains(ClassUtils.getPackageName(name)) && !migrates);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TaskBeans;
  }

  @Override
  public int hashCode() {
    return TaskBeans.class.hashCode();
  }
}

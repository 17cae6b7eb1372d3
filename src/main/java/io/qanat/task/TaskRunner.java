package io.qanat.task;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/** Does the task that {@code qanat.task} names, if it names one. */
@Component
class TaskRunner implements ApplicationRunner {
  private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);

  private final String name;
  private final List<Task> tasks;

  TaskRunner(@Value("${" + TaskMode.PROPERTY + ":}") String name, List<Task> tasks) {
    this.name = name;
    this.tasks = tasks;
  }

  @Override
  public void run(ApplicationArguments arguments) {
    if (name.isBlank()) {
      return;
    }
    Task task =
        tasks.stream()
            .filter(t -> t.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "%s names %s, but there are only %s"
                            .formatted(
                                TaskMode.PROPERTY,
                                name,
                                tasks.stream().map(Task::name).sorted().toList())));
    LOG.info("The task {} is done; {}", name, task.run());
  }
}

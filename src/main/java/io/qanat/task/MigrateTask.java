package io.qanat.task;

import io.qanat.Migration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** Brings the databases to what this version of the hub wants. */
@Component
class MigrateTask implements Task {
  private final List<Migration> migrations;

  MigrateTask(List<Migration> migrations) {
    this.migrations = migrations;
  }

  @Override
  public String name() {
    return "migrate";
  }

  @Override
  public String run() {
    List<String> done = new ArrayList<>();
    for (Migration migration : migrations) {
      try {
        done.add(migration.server() + " " + migration.migrate());
      } catch (Exception e) {
        throw Failures.of(migration.server(), e);
      }
    }
    return String.join("; ", done);
  }
}

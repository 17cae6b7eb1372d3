package io.qanat.sandbox;

import org.jspecify.annotations.Nullable;

/** A server in a process of its own, which a trial may stop, kill, freeze and start again. */
abstract class ChildServer implements SandboxServer {
  private @Nullable ChildProcess child;

  /** Starts the process and waits until it is ready. */
  abstract ChildProcess launch();

  /** Starts it on its port, with its data; does nothing when it runs. */
  public final synchronized void start() {
    if (child == null) {
      child = launch();
    }
  }

  /** Stops it in order. */
  public final synchronized void stop() {
    if (child != null) {
      child.stop();
      child = null;
    }
  }

  /** Ends it as kill -9 does. */
  public final synchronized void kill() {
    if (child != null) {
      Signals.send(pid(), "KILL");
      child.stop();
      child = null;
    }
  }

  /** Freezes it: connections stay open and nothing is answered. */
  public final void pause() {
    Signals.send(pid(), "STOP");
  }

  /** Lets a frozen one go on. */
  public final void resume() {
    Signals.send(pid(), "CONT");
  }

  /** Its process id. */
  public synchronized long pid() {
    if (child == null) {
      throw new IllegalStateException(name() + " is stopped");
    }
    return child.pid();
  }

  @Override
  public String kind() {
    return "embedded";
  }

  @Override
  public final void close() {
    stop();
  }
}

package io.qanat.grpc;

import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/**
 * What all calls share: who works on their messages, and how much memory these may hold together.
 *
 * @param executor has threads for all that comes
 * @param bytes what is left of the memory
 */
record Intake(Executor executor, Semaphore bytes) {}

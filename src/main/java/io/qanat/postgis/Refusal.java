package io.qanat.postgis;

/**
 * What the statement says of a row that it did not take in.
 *
 * @param ordinal which row, from 1
 * @param code a stable SCREAMING_SNAKE code
 * @param message why, for people
 */
record Refusal(int ordinal, String code, String message) {}

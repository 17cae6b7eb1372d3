package io.qanat;

/** Brings a server to what this version of the hub wants of it, before a hub runs. */
public interface Migration {
  /** The server, and the property that says where it is. */
  String server();

  /**
   * Does what is left to do.
   *
   * @return what was done and what was there, in a few words
   * @throws Exception if the server does not answer, or refuses
   */
  String migrate() throws Exception;
}

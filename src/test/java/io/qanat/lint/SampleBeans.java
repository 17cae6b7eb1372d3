package io.qanat.lint;

/** Beans that the fixtures call. */
final class SampleBeans {
  private SampleBeans() {}

  /** A bean as it should be. */
  public static final class OneMethod {
    private String name = "";

    public void setName(String name) {
      this.name = name;
    }

    public String greet(String body) {
      return name + body;
    }
  }

  /** A bean that can be tricked into something else. */
  public static final class TwoMethods {
    public String greet(String body) {
      return body;
    }

    public String erase(String body) {
      return body.substring(body.length());
    }
  }
}

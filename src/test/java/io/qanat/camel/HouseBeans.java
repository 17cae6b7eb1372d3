package io.qanat.camel;

import org.springframework.beans.BeanUtils;
import org.springframework.util.ClassUtils;

/** The hub's own beans, which no other package may name. */
final class HouseBeans {
  private HouseBeans() {}

  static Object make(String type) {
    return BeanUtils.instantiateClass(
        ClassUtils.resolveClassName(type, HouseBeans.class.getClassLoader()));
  }
}

package io.qanat.sandbox.salesforce;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One field of an object: what it may hold and who may write it. */
record Field(
    String name,
    String label,
    FieldType type,
    int length,
    Set<Trait> traits,
    @Nullable String referenceTo) {

  enum FieldType {
    ID("id", "tns:ID"),
    STRING("string", "xsd:string"),
    TEXTAREA("textarea", "xsd:string"),
    EMAIL("email", "xsd:string"),
    PHONE("phone", "xsd:string"),
    PICKLIST("picklist", "xsd:string"),
    REFERENCE("reference", "tns:ID"),
    BOOLEAN("boolean", "xsd:boolean"),
    DOUBLE("double", "xsd:double"),
    DATE("date", "xsd:date"),
    DATETIME("datetime", "xsd:dateTime");

    final String apiName;
    final String soapName;

    FieldType(String apiName, String soapName) {
      this.apiName = apiName;
      this.soapName = soapName;
    }

    boolean isText() {
      return soapName.equals("xsd:string");
    }
  }

  enum Trait {
    REQUIRED,
    READ_ONLY,
    UNIQUE,
    EXTERNAL_ID,
    ID_LOOKUP,
    NAME
  }

  boolean is(Trait trait) {
    return traits.contains(trait);
  }

  boolean isUpsertKey() {
    return is(Trait.EXTERNAL_ID) || is(Trait.ID_LOOKUP);
  }

  boolean isCustom() {
    return name.endsWith("__c");
  }
}

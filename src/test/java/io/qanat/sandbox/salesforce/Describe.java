package io.qanat.sandbox.salesforce;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.sandbox.salesforce.Field.FieldType;
import io.qanat.sandbox.salesforce.Field.Trait;

/** Describes the objects of the org as the API does. */
final class Describe {
  private Describe() {}

  static ObjectNode global(Schema schema, Call call) {
    ObjectNode node = Json.object().put("encoding", "UTF-8").put("maxBatchSize", 200);
    ArrayNode types = node.putArray("sobjects");
    schema.types().forEach(type -> types.add(brief(type, call)));
    return node;
  }

  static ObjectNode brief(ObjectType type, Call call) {
    boolean writable = type.writable();
    String url = "/services/data/" + call.version() + "/sobjects/" + type.name();
    ObjectNode node =
        Json.object()
            .put("activateable", false)
            .put("createable", writable)
            .put("custom", false)
            .put("customSetting", false)
            .put("deletable", writable)
            .put("deprecatedAndHidden", false)
            .put("feedEnabled", false)
            .put("hasSubtypes", false)
            .put("keyPrefix", type.keyPrefix())
            .put("label", type.label())
            .put("labelPlural", type.label() + "s")
            .put("layoutable", true)
            .put("mergeable", false)
            .put("mruEnabled", false)
            .put("name", type.name())
            .put("queryable", true)
            .put("replicateable", true)
            .put("retrieveable", true)
            .put("searchable", true)
            .put("triggerable", writable)
            .put("undeletable", writable)
            .put("updateable", writable);
    node.putObject("urls")
        .put("sobject", url)
        .put("describe", url + "/describe")
        .put("rowTemplate", url + "/{ID}");
    return node;
  }

  static ObjectNode full(ObjectType type, Call call) {
    ObjectNode node = brief(type, call);
    ArrayNode fields = node.putArray("fields");
    type.fields().forEach(field -> fields.add(field(type, field)));
    node.putArray("childRelationships");
    node.putArray("recordTypeInfos");
    node.putArray("supportedScopes");
    return node;
  }

  private static ObjectNode field(ObjectType type, Field field) {
    boolean writable = type.writable() && !field.is(Trait.READ_ONLY);
    ObjectNode node =
        Json.object()
            .put("aggregatable", true)
            .put("autoNumber", false)
            .put("byteLength", field.length() * 3)
            .put("calculated", false)
            .put("caseSensitive", false)
            .put("createable", writable)
            .put("custom", field.isCustom())
            .put("defaultedOnCreate", field.type() == FieldType.BOOLEAN)
            .put("dependentPicklist", false)
            .put("deprecatedAndHidden", false)
            .put("digits", 0)
            .put("externalId", field.is(Trait.EXTERNAL_ID))
            .put("filterable", field.type() != FieldType.TEXTAREA || field.length() <= 255)
            .put("groupable", true)
            .put("htmlFormatted", false)
            .put("idLookup", field.isUpsertKey() || field.type() == FieldType.ID)
            .put("label", field.label())
            .put("length", field.length())
            .put("name", field.name())
            .put("nameField", field.is(Trait.NAME))
            .put("namePointing", false)
            .put("nillable", !field.is(Trait.REQUIRED) && field.type() != FieldType.BOOLEAN)
            .put("permissionable", field.isCustom())
            .put("precision", field.type() == FieldType.DOUBLE ? 18 : 0)
            .put("restrictedPicklist", false)
            .put("scale", 0)
            .put("soapType", field.type().soapName)
            .put("sortable", true)
            .put("type", field.type().apiName)
            .put("unique", field.is(Trait.UNIQUE))
            .put("updateable", writable)
            .put("writeRequiresMasterRead", false)
            .putNull("defaultValue")
            .putNull("inlineHelpText");
    node.putArray("picklistValues");
    ArrayNode referenceTo = node.putArray("referenceTo");
    if (field.referenceTo() == null) {
      return node.putNull("relationshipName");
    }
    referenceTo.add(field.referenceTo());
    return node.put("relationshipName", field.name().replaceAll("Id$", ""));
  }
}

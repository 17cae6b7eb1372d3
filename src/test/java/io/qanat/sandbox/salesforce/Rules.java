package io.qanat.sandbox.salesforce;

import io.qanat.sandbox.salesforce.Field.FieldType;
import io.qanat.sandbox.salesforce.Field.Trait;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The checks that a record must pass to be saved. */
final class Rules {
  private static final Pattern EMAIL =
      Pattern.compile(
          "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
              + "@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\\.)+[A-Za-z]{2,}");

  private final Store store;

  Rules(Store store) {
    this.store = store;
  }

  /** The draft with its references in 18 characters, or what is wrong with it. */
  List<SaveError> check(Draft draft, boolean creating) {
    List<SaveError> errors = new ArrayList<>(readOnly(draft));
    List<String> missing = new ArrayList<>();
    for (Field field : draft.type().fields()) {
      boolean sent = draft.values().containsKey(field.name());
      Object value = draft.values().get(field.name());
      if (field.is(Trait.REQUIRED) && value == null && (creating || sent)) {
        missing.add(field.name());
      }
      SaveError error = value == null ? null : check(field, value.toString());
      if (error != null) {
        errors.add(error);
      }
    }
    if (!missing.isEmpty()) {
      errors.add(
          0,
          new SaveError(
              "REQUIRED_FIELD_MISSING",
              "Required fields are missing: [" + String.join(", ", missing) + "]",
              List.copyOf(missing)));
    }
    return errors;
  }

  /** The values to store: references in 18 characters, and the full name made of its parts. */
  static Row complete(Row row) {
    Map<String, @Nullable Object> derived = new LinkedHashMap<>();
    for (Field field : row.type().fields()) {
      String text = field.type() == FieldType.REFERENCE ? row.text(field.name()) : null;
      if (text != null) {
        derived.put(field.name(), Objects.requireNonNull(Ids.normalize(text)));
      }
    }
    if (row.type().name().equals("Contact")) {
      String first = row.text("FirstName");
      derived.put("Name", (first == null ? "" : first + " ") + row.text("LastName"));
    }
    return row.with(derived);
  }

  private static List<SaveError> readOnly(Draft draft) {
    List<String> names =
        draft.type().fields().stream()
            .filter(field -> field.is(Trait.READ_ONLY))
            .map(Field::name)
            .filter(draft.values()::containsKey)
            .toList();
    return names.isEmpty()
        ? List.of()
        : List.of(
            new SaveError(
                "INVALID_FIELD_FOR_INSERT_UPDATE",
                "Unable to create/update fields: "
                    + String.join(", ", names)
                    + ". Please check the security settings of this field and verify that it is"
                    + " read/write for your profile or permission set.",
                names));
  }

  private @Nullable SaveError check(Field field, String value) {
    if (field.type() == FieldType.REFERENCE) {
      return reference(field, value);
    }
    if (field.type().isText() && value.length() > field.length()) {
      return SaveError.of(
          "STRING_TOO_LONG",
          "%s: data value too large: %s (max length=%d)"
              .formatted(field.label(), value, field.length()),
          field.name());
    }
    if (field.type() == FieldType.EMAIL && !EMAIL.matcher(value).matches()) {
      return SaveError.of(
          "INVALID_EMAIL_ADDRESS",
          "%s: invalid email address: %s".formatted(field.label(), value),
          field.name());
    }
    return null;
  }

  private @Nullable SaveError reference(Field field, String value) {
    ObjectType target = store.schema().get(Objects.requireNonNull(field.referenceTo()));
    String id = Ids.normalize(value);
    if (id == null || !id.startsWith(target.keyPrefix())) {
      return SaveError.of(
          "MALFORMED_ID",
          "%s: id value of incorrect type: %s".formatted(field.label(), value),
          field.name());
    }
    Row row = store.get(target, id);
    if (row == null) {
      return SaveError.crossReference(field.name());
    }
    return row.deleted() ? SaveError.deleted() : null;
  }
}

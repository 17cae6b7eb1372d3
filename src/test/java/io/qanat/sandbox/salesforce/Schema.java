package io.qanat.sandbox.salesforce;

import io.qanat.sandbox.salesforce.Field.FieldType;
import io.qanat.sandbox.salesforce.Field.Trait;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The objects of the sandbox's org. */
final class Schema {
  private final Map<String, ObjectType> types = new LinkedHashMap<>();

  Schema() {
    put(contact());
    put(account());
    put(user());
    put(organization());
  }

  Collection<ObjectType> types() {
    return types.values();
  }

  @Nullable ObjectType find(String name) {
    return types.get(name.toLowerCase(Locale.ROOT));
  }

  /** The object of this name, or 404 as the API answers for one that is not there. */
  ObjectType get(String name) {
    ObjectType type = find(name);
    if (type == null) {
      throw ApiException.notFound();
    }
    return type;
  }

  @Nullable ObjectType ofId(String id) {
    return types.values().stream()
        .filter(type -> id.startsWith(type.keyPrefix()))
        .findFirst()
        .orElse(null);
  }

  private void put(ObjectType type) {
    types.put(type.name().toLowerCase(Locale.ROOT), type);
  }

  private static ObjectType contact() {
    ObjectType type = new ObjectType("Contact", "Contact", "003", true);
    type.reference("AccountId", "Account ID", "Account")
        .add("LastName", "Last Name", FieldType.STRING, 80, Trait.REQUIRED)
        .add("FirstName", "First Name", FieldType.STRING, 40)
        .add("Salutation", "Salutation", FieldType.PICKLIST, 40)
        .add("Name", "Full Name", FieldType.STRING, 121, Trait.READ_ONLY, Trait.NAME);
    return address(type, "Mailing")
        .add("Phone", "Business Phone", FieldType.PHONE, 40)
        .add("Fax", "Business Fax", FieldType.PHONE, 40)
        .add("MobilePhone", "Mobile Phone", FieldType.PHONE, 40)
        .add("HomePhone", "Home Phone", FieldType.PHONE, 40)
        .add("Email", "Email", FieldType.EMAIL, 80, Trait.ID_LOOKUP)
        .add("Title", "Title", FieldType.STRING, 128)
        .add("Department", "Department", FieldType.STRING, 80)
        .add("LeadSource", "Lead Source", FieldType.PICKLIST, 255)
        .add("Birthdate", "Birthdate", FieldType.DATE, 0)
        .add("Description", "Contact Description", FieldType.TEXTAREA, 32000)
        .add("DoNotCall", "Do Not Call", FieldType.BOOLEAN, 0)
        .add("HasOptedOutOfEmail", "Email Opt Out", FieldType.BOOLEAN, 0)
        .reference("OwnerId", "Owner ID", "User")
        .add(externalId())
        .addAudit();
  }

  private static ObjectType account() {
    ObjectType type = new ObjectType("Account", "Account", "001", true);
    type.add("Name", "Account Name", FieldType.STRING, 255, Trait.REQUIRED, Trait.NAME)
        .reference("ParentId", "Parent Account ID", "Account");
    return address(type, "Billing")
        .add("Phone", "Account Phone", FieldType.PHONE, 40)
        .add("Website", "Website", FieldType.STRING, 255)
        .add("AccountNumber", "Account Number", FieldType.STRING, 40)
        .add("Description", "Account Description", FieldType.TEXTAREA, 32000)
        .reference("OwnerId", "Owner ID", "User")
        .add(externalId())
        .addAudit();
  }

  private static ObjectType user() {
    return new ObjectType("User", "User", "005", false)
        .add("Username", "Username", FieldType.STRING, 80, Trait.ID_LOOKUP)
        .add("LastName", "Last Name", FieldType.STRING, 80, Trait.REQUIRED)
        .add("FirstName", "First Name", FieldType.STRING, 40)
        .add("Name", "Full Name", FieldType.STRING, 121, Trait.READ_ONLY, Trait.NAME)
        .add("Email", "Email", FieldType.EMAIL, 128)
        .add("Alias", "Alias", FieldType.STRING, 8)
        .add("IsActive", "Active", FieldType.BOOLEAN, 0);
  }

  private static ObjectType organization() {
    return new ObjectType("Organization", "Organization", "00D", false)
        .add("Name", "Name", FieldType.STRING, 80, Trait.REQUIRED, Trait.NAME)
        .add("OrganizationType", "Edition", FieldType.PICKLIST, 40)
        .add("InstanceName", "Instance Name", FieldType.STRING, 5)
        .add("IsSandbox", "Is Sandbox", FieldType.BOOLEAN, 0)
        .add("TrialExpirationDate", "Trial Expiration Date", FieldType.DATETIME, 0)
        .add("NamespacePrefix", "Namespace Prefix", FieldType.STRING, 15);
  }

  private static ObjectType address(ObjectType type, String prefix) {
    return type.add(prefix + "Street", prefix + " Street", FieldType.TEXTAREA, 255)
        .add(prefix + "City", prefix + " City", FieldType.STRING, 40)
        .add(prefix + "State", prefix + " State/Province", FieldType.STRING, 80)
        .add(prefix + "PostalCode", prefix + " Zip/Postal Code", FieldType.STRING, 20)
        .add(prefix + "Country", prefix + " Country", FieldType.STRING, 80);
  }

  private static Field externalId() {
    return new Field(
        "ExternalId__c",
        "External Id",
        FieldType.STRING,
        255,
        Set.of(Trait.EXTERNAL_ID, Trait.ID_LOOKUP, Trait.UNIQUE),
        null);
  }
}

package io.qanat.salesforce;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.qanat.KameletBean;
import io.qanat.deliver.BatchOutcome;
import io.qanat.deliver.Deadline;
import io.qanat.deliver.Event;
import io.qanat.deliver.MappingDocument;
import io.qanat.deliver.Sink;
import java.time.Clock;
import java.util.List;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * The sink that upserts and deletes records of one Salesforce object, as a mapping file says.
 *
 * <p>A bean for kamelets: set the properties, then {@link #start()}; what is wrong with them or
 * with the mapping file is said then.
 */
public class SalesforceSink extends KameletBean implements Sink {
  private static final int MOST_ROWS = 200;

  private @Nullable String object;
  private @Nullable String externalIdField;
  private @Nullable String mapping;
  private int rowsPerCall = MOST_ROWS;
  private @Nullable SalesforceWriter writer;

  @Override
  public BatchOutcome write(List<Event> events, Deadline deadline) {
    return init().write(events, deadline);
  }

  /**
   * Reads the mapping file and checks the properties, once; {@link #write} does it if nobody did.
   *
   * @throws IllegalArgumentException that says which property or which line is wrong
   */
  public void start() {
    init();
  }

  private synchronized SalesforceWriter init() {
    if (writer != null) {
      return writer;
    }
    CamelContext context = camel();
    String name = apiName(required(object, "object"), "object");
    String field = apiName(required(externalIdField, "externalIdField"), "externalIdField");
    String location = required(mapping, "mapping");
    if (rowsPerCall < 1 || rowsPerCall > MOST_ROWS) {
      throw new IllegalArgumentException("rowsPerCall must be 1 to " + MOST_ROWS);
    }
    Mapping read = MappingFile.read(MappingDocument.load(context, location));
    if (!read.keyField().equals(field)) {
      throw new IllegalArgumentException(
          location
              + ": identifiedBy must begin with the field that is mapped to "
              + field
              + ", not to "
              + read.keyField());
    }
    writer = new SalesforceWriter(org(context), name, read, rowsPerCall);
    return writer;
  }

  /** All sinks of a hub share the org's session and its daily calls. */
  private static SalesforceOrg org(CamelContext context) {
    var extension = context.getCamelContextExtension();
    synchronized (SalesforceSink.class) {
      SalesforceOrg org = extension.getContextPlugin(SalesforceOrg.class);
      if (org == null) {
        ApiBudget budget = new ApiBudget(Clock.systemUTC());
        org = new SalesforceOrg(new CamelSalesforceApi(context), budget);
        extension.addContextPlugin(SalesforceOrg.class, org);
        MeterRegistry meters = context.getRegistry().findSingleByType(MeterRegistry.class);
        if (meters != null) {
          Gauge.builder("qanat.salesforce.api.usage", budget, ApiBudget::usage)
              .description("Share of the org's daily API calls that is used")
              .register(meters);
        }
      }
      return org;
    }
  }

  private static <T> T required(@Nullable T value, String property) {
    if (value == null || value.equals("")) {
      throw new IllegalArgumentException("the Salesforce sink needs " + property);
    }
    return value;
  }

  private static String apiName(String value, String property) {
    if (!value.matches("[A-Za-z][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException(property + " is not a Salesforce name: " + value);
    }
    return value;
  }

  /** The Salesforce object, such as {@code Contact}. */
  public void setObject(String object) {
    this.object = object;
  }

  /** The field that identifies records; the first of the mapping's {@code identifiedBy}. */
  public void setExternalIdField(String externalIdField) {
    this.externalIdField = externalIdField;
  }

  /** Where the mapping file is, such as {@code file:routes/contacts/x.mapping.yaml}. */
  public void setMapping(String mapping) {
    this.mapping = mapping;
  }

  /** How many rows go into one call, at most 200. */
  public void setRowsPerCall(int rowsPerCall) {
    this.rowsPerCall = rowsPerCall;
  }
}

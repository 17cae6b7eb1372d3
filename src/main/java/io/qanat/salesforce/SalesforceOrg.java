package io.qanat.salesforce;

/** The org that all sinks of a hub share: its API, and what is left of its daily calls. */
record SalesforceOrg(SalesforceApi api, ApiBudget budget) {}

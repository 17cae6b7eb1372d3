package io.qanat.mongodb;

import org.bson.BsonDocument;

/**
 * An index of a collection.
 *
 * @param keys its fields, each 1 or -1, in their order
 * @param unique whether no two documents may have the same values
 */
record DocumentIndex(BsonDocument keys, boolean unique) {}

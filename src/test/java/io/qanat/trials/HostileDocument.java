package io.qanat.trials;

import java.util.List;

/**
 * A body that means something to MongoDB, or that it cannot hold. {@code '} stands for quotes, and
 * {@code ?} for a name of its own.
 *
 * @param rest what becomes of it over REST: it is {@link #KEPT}, {@link #REFUSED} or {@link
 *     #NOT_SENT}, or accepted and dead with this code
 * @param topic what becomes of it when another program writes it to the topic
 */
record HostileDocument(MongoFlow flow, String what, String rest, String topic, String json) {
  /** It is a document that reads back equal. */
  static final String KEPT = "kept";

  /** It is not accepted. */
  static final String REFUSED = "400";

  /** It is nothing that could be sent. */
  static final String NOT_SENT = "";

  private static final String INVALID = "INVALID_VALUE";
  private static final String NO_JSON = "NOT_JSON";
  private static final String NO_OBJECT = "NOT_AN_OBJECT";

  /** One that is larger than a document, and than a dead letter, can be. */
  static final HostileDocument LARGEST =
      data("17 MB", NOT_SENT, "DOCUMENT_TOO_LARGE", "'a':'" + "a".repeat(17_000_000) + "'");

  private static final List<HostileDocument> ALL =
      List.of(
          data("operators as values", KEPT, KEPT, "'a':{'$gt':''},'b':[{'$where':'sleep(9)'}]"),
          data("operators as texts", KEPT, KEPT, "'a':'{\\'$gt\\':\\'\\'}','b':'$where: 1==1'"),
          data("operators as keys", KEPT, KEPT, "'$gt':'','$where':'1==1','$set':{'kind':1}"),
          data("dots", KEPT, KEPT, "'a.b':1,'a':{'b':2},'.':3,'..':4,'.a':5,'a.':6,'':7"),
          data("dollars", KEPT, KEPT, "'$':1,'$$a':2,'a$b':3,'$a.$b':{'$id':4}"),
          data("percent signs", KEPT, KEPT, "'%':1,'%24gt':2,'$gt':3,'%2E':4,'%00':5"),
          data("U+0000 in a key", REFUSED, KEPT, "'a\\u0000b':1,'\\u0000':2"),
          data("U+0000 in a value", REFUSED, KEPT, "'a':'\\u0000$gt'"),
          data("U+0000 as it is", REFUSED, NO_JSON, "'a':'\0'"),
          data("prototypes", KEPT, KEPT, "'__proto__':{'a':1},'constructor':{'prototype':{}}"),
          data("the id of another", REFUSED, KEPT, "'_id':'bystander'"),
          data("an operator for an id", REFUSED, KEPT, "'_id':{'$gt':''}"),
          data("what the hub notes", KEPT, KEPT, "'_order':{'0':9},'data':{},'added_at':null"),
          data("the same key twice", REFUSED, NO_JSON, "'a':1,'a':{'$gt':''}"),
          data("64 levels", KEPT, KEPT, levels(64)),
          data("65 levels", REFUSED, KEPT, levels(65)),
          data("90 levels", REFUSED, KEPT, levels(90)),
          data("100 levels", REFUSED, INVALID, levels(100)),
          data("1001 levels", REFUSED, NO_JSON, levels(1001)),
          data("34 digits", KEPT, KEPT, "'a':0." + "7".repeat(34) + ",'b':-" + "7".repeat(34)),
          data("35 digits", INVALID, INVALID, "'a':0." + "7".repeat(35)),
          data("100 digits", INVALID, INVALID, "'a':" + "7".repeat(100)),
          data("101 digits", REFUSED, INVALID, "'a':" + "7".repeat(101)),
          data("the bounds of numbers", KEPT, KEPT, "'a':[1e6144,-1e-6176,9223372036854775808]"),
          data("beyond the bounds", INVALID, INVALID, "'a':1e6145"),
          data("the largest exponent", INVALID, INVALID, "'a':1e2147483647"),
          data("a huge exponent", REFUSED, NO_JSON, "'a':1e2147483648"),
          data("half of a character", REFUSED, INVALID, "'a':'\\ud800'"),
          data("half of one in a key", REFUSED, NO_JSON, "'\\udc00':1"),
          data("15 MB", NOT_SENT, KEPT, "'a':'" + "a".repeat(15_000_000) + "'"),
          whole("an array", NOT_SENT, NO_OBJECT, "[{'kind':'?'}]"),
          whole("an array of numbers", REFUSED, NO_OBJECT, "[7]"),
          whole("a number", REFUSED, NO_OBJECT, "7"),
          whole("a text", REFUSED, NO_OBJECT, "'{}'"),
          whole("null", REFUSED, NO_OBJECT, "null"),
          whole("nothing", REFUSED, NO_JSON, ""),
          whole("two documents", REFUSED, NO_JSON, "{'kind':'?'}{'kind':'?'}"),
          bought("an operator for a name", REFUSED, INVALID, "'username':{'$gt':''},'userid':'?'"),
          bought("an operator for an id", REFUSED, INVALID, "'username':'?','userid':{'$ne':1}"),
          bought("an array for an id", REFUSED, INVALID, "'username':'?','userid':['$ne']"),
          bought(
              "an operator as a text", KEPT, KEPT, "'username':'{\\'$gt\\':\\'?\\'}','userid':1"),
          bought("code as a text", KEPT, KEPT, "'username':'$where: ?','userid':'1;sleep(9)'"),
          bought("U+0000", REFUSED, KEPT, "'username':'?','userid':'\\u0000'"),
          bought("half of a character", REFUSED, INVALID, "'username':'?','userid':'\\ud800'"),
          bought("35 digits", INVALID, INVALID, "'username':'?','userid':1", "7".repeat(35)),
          bought("a text", REFUSED, KEPT, "'username':'?','userid':1", "'1e400'"),
          bought("no number", REFUSED, INVALID, "'username':'?','userid':1", "'NaN'"),
          bought("an operator", REFUSED, INVALID, "'username':'?','userid':1", "{'$inc':1}"),
          bought("operators as keys", REFUSED, KEPT, "'username':'?','userid':1,'$where':'1==1'"),
          bought("other keys", REFUSED, KEPT, "'username':'?','userid':1,'_id':{},'__proto__':{}"),
          bought("dots", REFUSED, KEPT, "'username':'?','userid':1,'a.b':1,'_order':{'0':9}"),
          bought("deep others", REFUSED, KEPT, "'username':'?','userid':1," + levels(200)),
          bought("a time", REFUSED, INVALID, "'username':'?','userid':1,'timestamp':{'$date':1}"));

  /** Those of a flow. */
  static List<HostileDocument> of(MongoFlow flow) {
    return ALL.stream().filter(document -> document.flow == flow).toList();
  }

  /** Its text, under a name. */
  String body(String name) {
    return json.replace('\'', '"').replace("?", name);
  }

  private static HostileDocument data(String what, String rest, String topic, String members) {
    return whole(what, rest, topic, "{'kind':'?'," + members + "}");
  }

  private static HostileDocument whole(String what, String rest, String topic, String json) {
    return new HostileDocument(FreeRecords.FLOW, what, rest, topic, json);
  }

  private static HostileDocument bought(String what, String rest, String topic, String members) {
    return bought(what, rest, topic, members, "1.5");
  }

  private static HostileDocument bought(
      String what, String rest, String topic, String members, String price) {
    return new HostileDocument(
        Purchases.FLOW, what, rest, topic, "{%s,'price':%s}".formatted(members, price));
  }

  /** A member with which an object has so many levels. */
  private static String levels(int levels) {
    return "'a':" + "[".repeat(levels - 1) + "]".repeat(levels - 1);
  }
}

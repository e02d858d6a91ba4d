/* Two good documents with every type of their revision, to be broken by the tests. */
#ifndef PARASIGN_TESTS_UNIT_SNIP12_DOCUMENTS_H
#define PARASIGN_TESTS_UNIT_SNIP12_DOCUMENTS_H

static const char ps_test_document_0[] =
    "{\"types\":{"
    "\"StarkNetDomain\":[{\"name\":\"name\",\"type\":\"felt\"},{\"name\":\"version\",\"type\":"
    "\"felt\"},{\"name\":\"chainId\",\"type\":\"felt\"}],"
    "\"N\":[{\"name\":\"x\",\"type\":\"felt\"}],"
    "\"M\":[{\"name\":\"a\",\"type\":\"felt\"},{\"name\":\"s\",\"type\":\"string\"},"
    "{\"name\":\"b\",\"type\":\"bool\"},{\"name\":\"sel\",\"type\":\"selector\"},"
    "{\"name\":\"m\",\"type\":\"merkletree\",\"contains\":\"N\"},"
    "{\"name\":\"n\",\"type\":\"N\"},{\"name\":\"l\",\"type\":\"N*\"}]},"
    "\"primaryType\":\"M\","
    "\"domain\":{\"name\":\"d\",\"version\":\"1\",\"chainId\":\"SN_MAIN\"},"
    "\"message\":{\"a\":\"1\",\"s\":\"text\",\"b\":true,\"sel\":\"transfer\","
    "\"m\":[{\"x\":1},{\"x\":2},{\"x\":3}],\"n\":{\"x\":\"0x5\"},\"l\":[{\"x\":1},{\"x\":2}]}}";

static const char ps_test_document_1[] =
    "{\"types\":{"
    "\"StarknetDomain\":[{\"name\":\"name\",\"type\":\"shortstring\"},{\"name\":\"version\","
    "\"type\":\"shortstring\"},{\"name\":\"chainId\",\"type\":\"shortstring\"},{\"name\":"
    "\"revision\",\"type\":\"shortstring\"}],"
    "\"N\":[{\"name\":\"x\",\"type\":\"felt\"}],"
    "\"E\":[{\"name\":\"None\",\"type\":\"()\"},{\"name\":\"One\",\"type\":\"(u128)\"},"
    "{\"name\":\"Two\",\"type\":\"(N,felt*)\"}],"
    "\"M\":[{\"name\":\"a\",\"type\":\"felt\"},{\"name\":\"s\",\"type\":\"string\"},"
    "{\"name\":\"b\",\"type\":\"bool\"},{\"name\":\"sel\",\"type\":\"selector\"},"
    "{\"name\":\"m\",\"type\":\"merkletree\",\"contains\":\"N\"},"
    "{\"name\":\"n\",\"type\":\"N\"},{\"name\":\"l\",\"type\":\"N*\"},"
    "{\"name\":\"e\",\"type\":\"enum\",\"contains\":\"E\"},{\"name\":\"u\",\"type\":\"u128\"},"
    "{\"name\":\"i\",\"type\":\"i128\"},{\"name\":\"t\",\"type\":\"timestamp\"},"
    "{\"name\":\"c\",\"type\":\"ContractAddress\"},{\"name\":\"h\",\"type\":\"ClassHash\"},"
    "{\"name\":\"ss\",\"type\":\"shortstring\"},{\"name\":\"w\",\"type\":\"u256\"},"
    "{\"name\":\"ta\",\"type\":\"TokenAmount\"},{\"name\":\"nft\",\"type\":\"NftId\"}]},"
    "\"primaryType\":\"M\","
    "\"domain\":{\"name\":\"d\",\"version\":\"1\",\"chainId\":\"SN_MAIN\",\"revision\":\"1\"},"
    "\"message\":{\"a\":\"1\",\"s\":\"a text that is longer than thirty-one bytes\",\"b\":false,"
    "\"sel\":\"transfer\",\"m\":[{\"x\":1},{\"x\":2},{\"x\":3}],\"n\":{\"x\":\"0x5\"},"
    "\"l\":[{\"x\":1},{\"x\":2}],\"e\":{\"Two\":[{\"x\":7},[1,2,3]]},\"u\":\"5\",\"i\":-5,"
    "\"t\":1700000000,\"c\":\"0x1\",\"h\":\"0x2\",\"ss\":\"short\","
    "\"w\":{\"low\":\"1\",\"high\":\"2\"},"
    "\"ta\":{\"token_address\":\"0x3\",\"amount\":{\"low\":\"1\",\"high\":\"0\"}},"
    "\"nft\":{\"collection_address\":\"0x4\",\"token_id\":{\"low\":\"9\",\"high\":\"0\"}}}}";

#endif

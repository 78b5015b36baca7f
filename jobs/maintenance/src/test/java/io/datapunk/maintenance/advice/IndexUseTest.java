package io.datapunk.maintenance.advice;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.postgres.ServerWorkload.Index;
import io.datapunk.lake.postgres.ServerWorkload.Table;
import io.datapunk.lake.postgres.ServerWorkload.TableName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IndexUseTest {
    private static final TableName ORDERS = new TableName("shop", "orders");

    @Test
    void aBTreeIsCoveredByOneThatBeginsLikeIt() {
        Index customer = index("customer", List.of("customer 1 0"));
        Index customerAndDay = index("customer_day", List.of("customer 1 0", "day 2 3"));

        assertThat(instead(customer, customerAndDay)).contains("customer_day");
        assertThat(instead(customerAndDay, customer)).isEmpty();
    }

    @Test
    void anotherOrderAnotherOperatorOrOtherRowsAreAnotherIndex() {
        Index customer = index("customer", List.of("customer 1 0"));

        assertThat(instead(customer, index("down", List.of("customer 1 3")))).isEmpty();
        assertThat(instead(customer, index("pattern", List.of("customer 9 0")))).isEmpty();
        assertThat(instead(customer, with(index("open", List.of("customer 1 0")), "(paid IS NULL)")))
                .isEmpty();
    }

    @Test
    void columnsThatStandInItBesidesHaveToStandInTheOther() {
        Index covering = new Index(
                ORDERS,
                "customer",
                Optional.empty(),
                "btree (customer) INCLUDE (total)",
                "btree",
                false,
                List.of("customer 1 0"),
                List.of("total"),
                "",
                1,
                0);

        assertThat(instead(covering, index("day", List.of("customer 1 0", "day 1 0"))))
                .isEmpty();
        assertThat(instead(covering, index("total", List.of("customer 1 0", "total 1 0"))))
                .contains("total");
    }

    @Test
    void ofTwoThatAreEqualTheMoreUsedStays() {
        Index used = new Index(
                ORDERS,
                "b",
                Optional.empty(),
                "btree (customer)",
                "btree",
                false,
                List.of("customer 1 0"),
                List.of(),
                "",
                1,
                9);
        Index unused = index("a", List.of("customer 1 0"));

        assertThat(instead(unused, used)).contains("b");
        assertThat(instead(used, unused)).isEmpty();
    }

    @Test
    void partitionsThatHaveTheSameIndexEachForItselfHaveOne() {
        TableName june = new TableName("lake_hot", "orders_06");
        TableName july = new TableName("lake_hot", "orders_07");
        List<IndexUse> uses = IndexUse.of(
                List.of(of(june, "june_kind", 10, 1), of(july, "july_kind", 20, 2)),
                List.of(new Table(june, ORDERS, 5, 5, 7), new Table(july, ORDERS, 5, 5, 8)));

        assertThat(uses).singleElement().satisfies(use -> {
            assertThat(use.table()).isEqualTo(ORDERS);
            assertThat(use.names()).containsExactly("july_kind", "june_kind");
            assertThat(use.isOfPartitions()).isTrue();
            assertThat(use.bytes()).isEqualTo(30);
            assertThat(use.scans()).isEqualTo(3);
            assertThat(use.reads()).isEqualTo(15);
        });
    }

    private static Optional<String> instead(Index index, Index other) {
        List<IndexUse> uses = IndexUse.of(Arrays.asList(index, other), List.of(new Table(ORDERS, ORDERS, 10, 10, 10)));
        IndexUse use = uses.stream()
                .filter(one -> one.names().contains(index.name()))
                .findFirst()
                .orElseThrow();
        return IndexUse.instead(use, uses).map(found -> found.names().get(0));
    }

    private static Index index(String name, List<String> keys) {
        return new Index(
                ORDERS, name, Optional.empty(), "btree (" + name + ")", "btree", false, keys, List.of(), "", 1, 0);
    }

    private static Index with(Index index, String predicate) {
        return new Index(
                index.table(),
                index.name(),
                index.attachedTo(),
                index.definition(),
                index.method(),
                index.isNeeded(),
                index.keys(),
                index.included(),
                predicate,
                index.bytes(),
                index.scans());
    }

    private static Index of(TableName table, String name, long bytes, long scans) {
        return new Index(
                table,
                name,
                Optional.empty(),
                "btree (kind)",
                "btree",
                false,
                List.of("kind 1 0"),
                List.of(),
                "",
                bytes,
                scans);
    }
}

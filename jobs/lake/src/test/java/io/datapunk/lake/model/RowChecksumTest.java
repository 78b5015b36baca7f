package io.datapunk.lake.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class RowChecksumTest {
    private static final BigInteger TWO_TO_THE_128 = BigInteger.ONE.shiftLeft(128);

    @Property
    void sumIsThatOfArithmeticModuloTwoToThe128(@ForAll List<Long> halves) {
        RowChecksum sum = RowChecksum.ZERO;
        BigInteger expected = BigInteger.ZERO;
        for (int i = 0; i + 1 < halves.size(); i += 2) {
            RowChecksum row = new RowChecksum(1, halves.get(i), halves.get(i + 1));
            sum = sum.plus(row);
            expected = expected.add(new BigInteger(row.hex(), 16)).mod(TWO_TO_THE_128);
        }

        assertThat(new BigInteger(sum.hex(), 16)).isEqualTo(expected);
        assertThat(sum.rows()).isEqualTo(halves.size() / 2);
    }

    @Property
    void orderOfRowsDoesNotMatterButARowThatStandsTwiceDoes(@ForAll List<String> rows, @ForAll long seed) {
        List<String> shuffled = new java.util.ArrayList<>(rows);
        Collections.shuffle(shuffled, new Random(seed));

        assertThat(checksum(shuffled)).isEqualTo(checksum(rows));
        if (!rows.isEmpty()) {
            List<String> doubled = new java.util.ArrayList<>(rows);
            doubled.add(rows.get(0));
            assertThat(checksum(doubled).hex()).isNotEqualTo(checksum(rows).hex());
        }
    }

    @Property
    void partsAddUpToTheWhole(@ForAll List<String> first, @ForAll List<String> second) {
        List<String> whole = new java.util.ArrayList<>(first);
        whole.addAll(second);

        assertThat(checksum(first).plus(checksum(second))).isEqualTo(checksum(whole));
    }

    private static RowChecksum checksum(List<String> rows) {
        CanonicalRow canonical = new CanonicalRow();
        for (String row : rows) {
            canonical.putText(row);
            canonical.endRow();
        }
        return canonical.checksum();
    }
}

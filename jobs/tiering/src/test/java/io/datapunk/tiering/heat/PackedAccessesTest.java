package io.datapunk.tiering.heat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.tiering.policy.Accesses;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PackedAccessesTest {
    @Property
    void whatIsPackedReadsBackAsItWas(@ForAll("counts") Map<Long, Long> counts) {
        Accesses accesses = Accesses.of(counts);
        assertThat(PackedAccesses.unpack(PackedAccesses.pack(accesses))).isEqualTo(accesses);
    }

    @Property
    void mergingAddsUpHourByHourWhateverComesFirst(
            @ForAll("counts") Map<Long, Long> one, @ForAll("counts") Map<Long, Long> other) {
        Map<Long, Long> sum = new HashMap<>(one);
        other.forEach((hour, count) -> sum.merge(hour, count, Long::sum));
        byte[] left = PackedAccesses.pack(Accesses.of(one));
        byte[] right = PackedAccesses.pack(Accesses.of(other));

        byte[] merged = PackedAccesses.merge(left, right, 0);
        assertThat(PackedAccesses.unpack(merged)).isEqualTo(Accesses.of(sum));
        assertThat(PackedAccesses.merge(right, left, 0)).isEqualTo(merged);
    }

    @Property
    void hoursBeforeTheWindowAreLeftOut(@ForAll("counts") Map<Long, Long> counts, @ForAll("hours") long oldest) {
        byte[] packed = PackedAccesses.pack(Accesses.of(counts));
        Map<Long, Long> inWindow = new HashMap<>(counts);
        inWindow.keySet().removeIf(hour -> hour < oldest);
        assertThat(PackedAccesses.unpack(PackedAccesses.merge(packed, new byte[0], oldest)))
                .isEqualTo(Accesses.of(inWindow));
    }

    @Example
    void anHourThatIsAddedTwiceAddsUp() {
        PackedAccesses packed = new PackedAccesses();
        packed.add(493_000, 2);
        packed.add(493_000, 3);
        packed.add(493_001, 1);
        assertThat(PackedAccesses.unpack(packed.toBytes())).isEqualTo(Accesses.of(Map.of(493_000L, 5L, 493_001L, 1L)));
    }

    @Example
    void hoursThatFallAreRefused() {
        PackedAccesses packed = new PackedAccesses();
        packed.add(493_000, 2);
        assertThatThrownBy(() -> packed.add(492_999, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Example
    void aBucketTakesThreeBytes() {
        PackedAccesses packed = new PackedAccesses();
        for (long hour = 493_000; hour < 493_000 + 100 * 20; hour += 20) {
            packed.add(hour, 7);
        }
        assertThat(packed.toBytes()).hasSizeLessThan(3 * 100);
    }

    @Provide
    Arbitrary<Map<Long, Long>> counts() {
        return Arbitraries.maps(
                        Arbitraries.longs().between(490_000, 490_300),
                        Arbitraries.longs().between(1, Long.MAX_VALUE / 4))
                .ofMaxSize(40);
    }

    @Provide
    Arbitrary<Long> hours() {
        return Arbitraries.longs().between(489_990, 490_310);
    }
}

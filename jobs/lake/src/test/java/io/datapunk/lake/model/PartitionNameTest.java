package io.datapunk.lake.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PartitionNameTest {
    @Test
    void isWrittenAsItIsRead() {
        assertThat(Stream.of("user_data.activity/month=2026-01", "user_data.activity/month=undated", "lake.users")
                        .map(PartitionName::parse)
                        .map(PartitionName::toString))
                .containsExactly("user_data.activity/month=2026-01", "user_data.activity/month=undated", "lake.users");
    }

    @Test
    void otherTextIsRefusedWithTheFormThatIsAllowed() {
        assertThatThrownBy(() -> PartitionName.parse("activity"))
                .hasMessage("'activity' is not a dataset's name: a dataset is named schema.name; "
                        + "write it like user_data.activity; `lake tables` lists the datasets");
        assertThatThrownBy(() -> PartitionName.parse("user_data.activity/2026-01"))
                .hasMessage("'user_data.activity/2026-01' is not a partition's name: behind the / stands column=value; "
                        + "write it like user_data.activity/month=2026-01; `lake tier status` lists the partitions");
        assertThatThrownBy(() -> PartitionName.parse("user_data.\"; DROP TABLE"))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("[a-z][a-z0-9_]{0,62}");
    }

    @Test
    void travelsToAnotherProcess() throws IOException, ClassNotFoundException {
        PartitionName month = PartitionName.parse("user_data.activity/month=2026-01");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(month);
        }

        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(month);
        }
    }
}

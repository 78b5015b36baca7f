package io.datapunk.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SidecarNamesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "IMG_0001.jpg | IMG_0001.jpg.supplemental-metadata.json",
                "IMG_0001.jpg | IMG_0001.jpg.json",
                // 46 UTF-16 units, wherever they cut the suffix or the name.
                "A_photo_whose_name_is_rather_long.jpg | A_photo_whose_name_is_rather_long.jpg.suppleme.json",
                "A_photo_whose_name_is_even_longer_than_before.jpg | A_photo_whose_name_is_even_longer_than_before..json",
                "😀😃😄😁😆😅😂🤣🥲😊😇🙂🙃😉😌😍🥰😘😗😙😚😋😛.jpg | 😀😃😄😁😆😅😂🤣🥲😊😇🙂🙃😉😌😍🥰😘😗😙😚😋😛.json",
                // The counter moves behind the suffix.
                "IMG_0001(2).jpg | IMG_0001.jpg.supplemental-metadata(2).json",
                "IMG_0001(2).jpg | IMG_0001.jpg(2).json",
                "A_photo_whose_name_is_rather_long(12).jpg | A_photo_whose_name_is_rather_long.jpg.suppleme(12).json",
                // Edited copies share the original's sidecar.
                "IMG_0001-edited.jpg | IMG_0001.jpg.supplemental-metadata.json",
                "IMG_0001-bearbeitet.jpg | IMG_0001.jpg.json",
                "IMG_0001-modifié.jpg | IMG_0001.jpg.json",
                "1234-edited.jpg | 1234.supplemental-metadata.json",
            })
    void aSidecarsNameIsAmongThoseOfItsFile(String media, String sidecar) {
        assertThat(SidecarNames.candidates(media)).contains(sidecar);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "IMG_0001(1).jpg | IMG_0001.jpg.json",
                "IMG_0001.jpg    | IMG_0001.jpg(1).json",
                "IMG_0001(1).jpg | IMG_0001.jpg(2).json",
                "IMG_0002.jpg    | IMG_0001.jpg.json",
            })
    void anotherFilesSidecarIsNot(String media, String sidecar) {
        assertThat(SidecarNames.candidates(media)).doesNotContain(sidecar);
    }

    @Test
    void theFullNameComesFirst() {
        assertThat(SidecarNames.candidates("IMG_0001(2).jpg"))
                .startsWith("IMG_0001.jpg.supplemental-metadata(2).json", "IMG_0001.jpg(2).json");
    }
}

package io.opencrane.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MigrationFilesTest {
    private final List<Migration> all = Migration.all();

    @Test
    void everyFileIsListed() throws IOException, URISyntaxException {
        Path directory = Path.of(Objects.requireNonNull(Migration.class.getResource("migrations"))
                .toURI());
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()).sorted())
                    .containsExactlyElementsOf(all.stream().map(Migration::name).toList());
        }
    }

    @Test
    void versionsCountFromOneWithoutAHole() {
        assertThat(all.stream().map(Migration::version))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, all.size()).boxed().toList());
    }

    @Test
    void lineEndsDoNotChangeAChecksum() {
        assertThat(Migration.of("V001__x.sql", "a\r\nb\r\n").checksum())
                .isEqualTo(Migration.of("V001__x.sql", "a\nb\n").checksum())
                .isNotEqualTo(Migration.of("V001__x.sql", "a\nc\n").checksum());
    }
}

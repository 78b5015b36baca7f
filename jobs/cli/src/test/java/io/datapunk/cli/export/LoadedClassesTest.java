package io.datapunk.cli.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.cli.Cli;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who configures neither lineage nor traces pays nothing for them at the start. */
class LoadedClassesTest {
    @TempDir
    private Path folder;

    @Test
    void withoutASettingNoClassOfTheLibrariesIsLoaded() throws Exception {
        assertThat(loaded(Map.of())).isEmpty();
        assertThat(loaded(Map.of("LAKE_LINEAGE_FILE", folder.resolve("events").toString())))
                .isNotEmpty()
                .allMatch(name -> name.startsWith("io.openlineage."));
    }

    /** Those that a job asks for on its way to a lake that is not there. */
    private Set<String> loaded(Map<String, String> environment) throws Exception {
        try (Recorder recorder = new Recorder()) {
            Object exitCode = recorder.loadClass(Cli.class.getName())
                    .getMethod("run", String[].class, PrintStream.class, PrintStream.class, Map.class)
                    .invoke(
                            null,
                            new String[] {
                                "analytics",
                                "run",
                                "--lake",
                                folder.resolve("none").toString()
                            },
                            nowhere(),
                            nowhere(),
                            environment);
            assertThat(exitCode).isEqualTo(2);
            return recorder.names;
        }
    }

    private static PrintStream nowhere() {
        return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    }

    private static final class Recorder extends URLClassLoader {
        private final Set<String> names = new ConcurrentSkipListSet<>();

        Recorder() throws IOException {
            super(classpath(), ClassLoader.getPlatformClassLoader());
        }

        private static URL[] classpath() throws MalformedURLException {
            String[] entries = System.getProperty("java.class.path").split(File.pathSeparator, -1);
            URL[] urls = new URL[entries.length];
            for (int i = 0; i < entries.length; i++) {
                urls[i] = Path.of(entries[i]).toUri().toURL();
            }
            return urls;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (Stream.of("io.openlineage.", "io.opentelemetry.").anyMatch(name::startsWith)) {
                names.add(name);
            }
            return super.loadClass(name, resolve);
        }
    }
}

package io.datapunk.airflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.datapunk.ingest.sample.SampleExport;
import io.datapunk.testkit.KeystoreFile;
import io.datapunk.testkit.PythonEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * The DAGs in a real Airflow: that they parse, what must precede what, and that each runs on a real lake. The tests are
 * Python's own, in {@code tests/dags}; each of them is one here.
 */
@Tag("full")
class DagsTest {
    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> inAirflow() throws Exception {
        PythonEnvironment python = PythonEnvironment.of(Path.of("python/airflow.txt"));
        Path results = folder.resolve("results.xml");
        ProcessBuilder pytest = python.process(
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                "-o",
                "junit_logging=all",
                "--junitxml=" + results,
                Path.of("dags").toAbsolutePath().toString());
        pytest.environment().putAll(environment());
        PythonEnvironment.Ended ended = PythonEnvironment.end(pytest);
        assertThat(results).as(ended.output()).exists();
        return tests(results, ended.output());
    }

    private Map<String, String> environment() throws Exception {
        Path export = Files.createDirectories(folder.resolve("export"));
        SampleExport.write(export, 42, 0.2);
        Path keystore = KeystoreFile.write(folder.resolve("keys.p12"), "lake-archive-1", "lake-backup-1");
        return Map.of(
                "AIRFLOW_HOME",
                        Files.createDirectories(folder.resolve("airflow")).toString(),
                "LAKE_DAGS_INBOX",
                        Files.createDirectories(folder.resolve("inbox")).toString(),
                "LAKE_TEST_EXPORT", export.toString(),
                "LAKE_STORAGE_ENCRYPTION_KEYSTORE", keystore.toString(),
                "LAKE_STORAGE_ENCRYPTION_KEYSTORE_PASSWORD", KeystoreFile.PASSWORD);
    }

    private static Stream<DynamicTest> tests(Path results, String output) throws Exception {
        NodeList cases = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(results.toFile())
                .getElementsByTagName("testcase");
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < cases.getLength(); i++) {
            Element one = (Element) cases.item(i);
            tests.add(DynamicTest.dynamicTest(one.getAttribute("classname") + ": " + one.getAttribute("name"), () -> {
                for (String wrong : List.of("failure", "error", "skipped")) {
                    if (one.getElementsByTagName(wrong).getLength() > 0) {
                        fail(one.getTextContent());
                    }
                }
            }));
        }
        assertThat(tests).as(output).isNotEmpty();
        return tests.stream();
    }
}

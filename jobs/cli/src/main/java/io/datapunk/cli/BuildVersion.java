package io.datapunk.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** What {@code lake --version} prints. */
final class BuildVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Optional.ofNullable(BuildVersion.class.getPackage().getImplementationVersion())
                .orElse("development build");
        return new String[] {"Datapunk Lake " + version, "Java " + Runtime.version()};
    }
}

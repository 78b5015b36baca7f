package io.datapunk.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** What {@code lake --version} prints. */
final class BuildVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"Datapunk Lake " + number(), "Java " + Runtime.version()};
    }

    static String number() {
        return Optional.ofNullable(BuildVersion.class.getPackage().getImplementationVersion())
                .orElse("development build");
    }
}

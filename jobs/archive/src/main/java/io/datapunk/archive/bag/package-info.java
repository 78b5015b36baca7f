/** Packages as they lie in a store: BagIt bags of encrypted segments. {@link io.datapunk.archive.bag.PackageFolder} has the format. */
package io.datapunk.archive.bag;

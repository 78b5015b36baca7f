/** What goes into a package: entries, cut into chunks where their content says so. Pure; knows no store and no cipher. */
package io.datapunk.archive.content;

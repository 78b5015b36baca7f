/** Makes packages: what is archived is read and cut by Spark's tasks, and what is new of it compressed, encrypted, stored. */
package io.datapunk.archive.create;

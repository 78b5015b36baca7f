/** Takes one person out of every store of the lake, whatever retention says; only a hold stops it. */
package io.datapunk.archive.erase;

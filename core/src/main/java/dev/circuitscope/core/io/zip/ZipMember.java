package dev.circuitscope.core.io.zip;

/**
 * One file within an archive, as its directory describes it.
 *
 * @param name its name, with '/' between folders
 * @param deflated whether its bytes are compressed; otherwise they are stored as they are
 * @param crc CRC-32 of its content
 * @param compressedSize bytes that it takes in the archive
 * @param size bytes of its content
 * @param dataOffset offset of its bytes in the archive
 */
public record ZipMember(
    String name, boolean deflated, int crc, long compressedSize, long size, long dataOffset) {}

/// What a sink keeps for one worker: buffers, a compressor.
public protocol SinkAttachment {}

/// What a source says of the records of a batch beside their bytes.
public protocol SourceAttachment {}

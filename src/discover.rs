//! The parallel walk with the byte prefilter.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| unroot_fuzz::PROMISES.run(bytes));

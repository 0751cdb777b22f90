#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| unroot_fuzz::PLANS.run(bytes));

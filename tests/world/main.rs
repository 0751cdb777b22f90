//! The world of a verdict, over random repositories and under real pre-commit: whatever is named, nothing that it has a say
//! in is missed, and nothing broken complies.

mod estate;
mod pre_commit;
mod random;
#[path = "../support/mod.rs"]
mod support;

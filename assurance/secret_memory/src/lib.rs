//! Tells valgrind which bytes are secret. Memcheck then reports each branch and each address that depends on one, because it follows
//! undefined bytes through every computation, and our secrets are marked as undefined.
//!
//! Outside of valgrind, and on other processors than x86-64, every function does nothing and [`findings`] is 0.

use core::mem::size_of_val;

const RUNNING: usize = 0x1001;
const COUNT_ERRORS: usize = 0x1201;
const MAKE_UNDEFINED: usize = 0x4d43_0001;
const MAKE_DEFINED: usize = 0x4d43_0002;

/// From now on these bytes are secret.
pub fn make_secret<T: ?Sized>(value: &T) {
    request(MAKE_UNDEFINED, core::ptr::from_ref(value).cast::<u8>() as usize, size_of_val(value));
}

/// From now on these bytes are public.
pub fn make_public<T: ?Sized>(value: &T) {
    request(MAKE_DEFINED, core::ptr::from_ref(value).cast::<u8>() as usize, size_of_val(value));
}

/// The value, which is public from now on: a verdict, say.
#[must_use]
pub fn published<T: Copy>(value: T) -> T {
    let place = core::hint::black_box(value);
    make_public(&place);
    // SAFETY: a value of ours. Read from memory, since a copy in a register would be secret still.
    unsafe { core::ptr::read_volatile(&raw const place) }
}

/// How often a branch or an address has depended on secret bytes, without those that were declared.
#[must_use]
pub fn findings() -> usize {
    request(COUNT_ERRORS, 0, 0)
}

/// Whether valgrind runs this program.
#[must_use]
pub fn is_watched() -> bool {
    request(RUNNING, 0, 0) > 0
}

/// Asks valgrind, as its manual's "client request mechanism" describes: four rotations that change nothing, and an exchange of a
/// register with itself.
#[cfg(target_arch = "x86_64")]
fn request(code: usize, first: usize, second: usize) -> usize {
    let arguments = [code, first, second, 0, 0, 0];
    let mut answer = 0_usize;
    // SAFETY: on the processor itself, the rotations add up to 128 bits, and the exchange changes nothing. Under valgrind, memory keeps
    // its contents.
    unsafe {
        core::arch::asm!(
            "rol rdi, 3",
            "rol rdi, 13",
            "rol rdi, 61",
            "rol rdi, 51",
            "xchg rbx, rbx",
            in("rax") arguments.as_ptr(),
            inout("rdx") answer,
        );
    }
    answer
}

#[cfg(not(target_arch = "x86_64"))]
fn request(_: usize, _: usize, _: usize) -> usize {
    0
}

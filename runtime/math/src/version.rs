//! One formula compiled for every [`crate::Level`].

/// Defines a function for all levels, as an array in the order of [`crate::Level::ALL`]. In
/// the body, `Wide` is the type of the level's lanes.
macro_rules! versions {
    (unsafe fn($($arg:ident: $ty:ty),*) $(-> $result:ty)? = $body:expr) => {{
        unsafe extern "C" fn baseline($($arg: $ty),*) $(-> $result)? {
            #[allow(dead_code)]
            type Wide = f64;
            // SAFETY: the caller of this function vouches for what the body needs.
            #[allow(unused_unsafe)]
            unsafe { $body }
        }
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
        unsafe extern "C" fn avx2($($arg: $ty),*) $(-> $result)? {
            #[allow(dead_code)]
            type Wide = crate::lanes::Lanes4;
            // SAFETY: as for `baseline`.
            #[allow(unused_unsafe)]
            unsafe { $body }
        }
        #[cfg(target_arch = "x86_64")]
        #[target_feature(
            enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt,avx512f,avx512dq,avx512vl,avx512bw"
        )]
        unsafe extern "C" fn avx512($($arg: $ty),*) $(-> $result)? {
            #[allow(dead_code)]
            type Wide = crate::lanes::Lanes8;
            // SAFETY: as for `baseline`.
            #[allow(unused_unsafe)]
            unsafe { $body }
        }
        #[cfg(target_arch = "x86_64")]
        let versions: [unsafe extern "C" fn($($ty),*) $(-> $result)?; 3] = [baseline, avx2, avx512];
        #[cfg(not(target_arch = "x86_64"))]
        let versions: [unsafe extern "C" fn($($ty),*) $(-> $result)?; 3] = [baseline; 3];
        versions
    }};
}

pub(crate) use versions;

//! Keyed digests: only files made with the key are used, whoever owns them.

mod support;

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;

use brolga_abi::DType;
use brolga_cache::{Cache, CacheConfig, CacheKey, Layer, LayerSource, MissReason, Mode, Selection};
use support::{Entry, Home, entry, is_root, over, skipped, state};

fn key(number: u8) -> CacheKey {
    CacheKey::new([number; 32])
}

fn keyed(home: &Home, key: Option<CacheKey>) -> Cache {
    let cache = Cache::open(CacheConfig {
        key,
        ..home.config(Mode::On)
    });
    cache.set_log(|_| {});
    cache
}

/// A folder with entry 1 under this key.
fn filled(key: Option<CacheKey>) -> Home {
    let home = Home::new();
    entry(1).store(&keyed(&home, key)).unwrap();
    home
}

fn demanding(home: &Home, key: Option<CacheKey>) -> Layer {
    Layer {
        source: LayerSource::Folder(home.dir()),
        key,
    }
}

fn layer_reason(layer: &Layer) -> &'static str {
    let home = Home::new();
    let cache = over(&home, std::slice::from_ref(layer));
    assert!(entry(1).find(&cache).is_err(), "{layer:?} was taken");
    let stats = cache.stats();
    assert_eq!(stats.layers[0].misses.len(), 1);
    stats.layers[0].misses.first_key_value().unwrap().0
}

#[test]
fn a_keyed_folder_serves_those_with_its_key_alone() {
    for (made, asked, reason) in [
        (None, None, None),
        (Some(key(1)), Some(key(1)), None),
        (Some(key(1)), None, Some("index-keyed")),
        (None, Some(key(1)), Some("index-not-keyed")),
        (Some(key(1)), Some(key(2)), Some("index-other-key")),
    ] {
        let home = filled(made.clone());
        let before = state(&home.files());
        let cache = keyed(&home, asked.clone());
        let layer = demanding(&home, asked.clone());
        match reason {
            None => {
                entry(1).assert_hit(&cache);
                entry(1).assert_hit(&over(&Home::new(), &[layer]));
            }
            Some(reason) => {
                assert_eq!(entry(1).reason(&cache).name(), reason);
                assert_eq!(layer_reason(&layer), reason);
            }
        }
        // It may be sound for somebody else: it stays.
        assert!(home.names_with(".bad").is_empty());
        assert_eq!(cache.stats().set_aside, 0);
        let after: Vec<_> = state(&home.files());
        let files = |all: &[(std::path::PathBuf, Vec<u8>, [i64; 7])]| {
            all.iter()
                .filter(|(path, ..)| path.extension().is_some_and(|e| e == "nbi" || e == "nbc"))
                .cloned()
                .collect::<Vec<_>>()
        };
        assert_eq!(files(&after), files(&before));

        // And a store replaces it.
        entry(1).store(&cache).unwrap();
        entry(1).assert_hit(&keyed(&home, asked));
        assert!(home.names_with(".bad").is_empty());
    }
}

#[test]
fn an_object_of_another_key_behind_an_index_of_this_one_is_not_taken() {
    let (home, other, plain) = (filled(Some(key(1))), filled(Some(key(2))), filled(None));
    let object = home.only(".nbc");
    let sound = fs::read(&object).unwrap();
    for (from, reason) in [(&other, "object-other-key"), (&plain, "object-not-keyed")] {
        fs::copy(from.only(".nbc"), &object).unwrap();
        assert_eq!(layer_reason(&demanding(&home, Some(key(1)))), reason);
        assert_eq!(entry(1).reason(&keyed(&home, Some(key(1)))).name(), reason);
    }
    fs::write(&object, sound).unwrap();
    entry(1).assert_hit(&keyed(&home, Some(key(1))));
}

#[test]
fn a_plain_digest_under_the_number_of_the_key_is_not_taken() {
    let (home, plain) = (filled(Some(key(1))), filled(None));
    for ending in [".nbi", ".nbc"] {
        let path = home.only(ending);
        let sound = fs::read(&path).unwrap();
        // What somebody without the key can do: all but the digest.
        let mut forged = fs::read(plain.only(ending)).unwrap();
        assert_eq!(forged[12..16], [0; 4]);
        assert_ne!(sound[12..16], [0; 4]);
        forged[12..16].copy_from_slice(&sound[12..16]);
        let mut hasher = blake3::Hasher::new();
        hasher.update(&forged[..32]);
        hasher.update(&forged[64..]);
        let digest: [u8; 32] = hasher.finalize().into();
        if ending == ".nbc" {
            forged[32..64].copy_from_slice(&digest);
        }
        fs::write(&path, &forged).unwrap();
        let reason = layer_reason(&demanding(&home, Some(key(1))));
        let expected = match ending {
            ".nbi" => "index-digest",
            _ => "object-damaged",
        };
        assert_eq!(reason, expected);
        fs::write(&path, &sound).unwrap();
    }
    // Two keys of one number do not exist here, so the digest itself is tried so: the
    // right number, the digest of another key.
    let other = filled(Some(key(2)));
    let path = home.only(".nbi");
    let number = fs::read(&path).unwrap()[12..16].to_vec();
    let mut forged = fs::read(other.only(".nbi")).unwrap();
    forged[12..16].copy_from_slice(&number);
    fs::write(&path, &forged).unwrap();
    assert_eq!(
        layer_reason(&demanding(&home, Some(key(1)))),
        "index-digest"
    );
}

#[test]
fn each_flipped_byte_of_a_keyed_layer_is_a_miss() {
    let home = filled(Some(key(1)));
    let layer = demanding(&home, Some(key(1)));
    for ending in [".nbi", ".nbc"] {
        let path = home.only(ending);
        let sound = fs::read(&path).unwrap();
        for at in 0..sound.len() {
            let mut flipped = sound.clone();
            flipped[at] ^= 1 << (at % 8);
            // Anew: some file systems flush a file that is written over.
            fs::remove_file(&path).unwrap();
            fs::write(&path, &flipped).unwrap();
            let reason = layer_reason(&layer);
            assert!(reason.starts_with("index-") || reason.starts_with("object-"));
        }
        fs::write(&path, &sound).unwrap();
    }
    entry(1).assert_hit(&over(&Home::new(), &[layer]));
}

#[test]
fn whose_a_keyed_layer_is_does_not_matter() {
    let home = filled(Some(key(1)));
    let bundle = home.top().join("all.nbb");
    let all = Selection::default();
    keyed(&home, Some(key(1))).export(&bundle, &all).unwrap();
    let set = |path: &Path| {
        fs::set_permissions(path, Permissions::from_mode(0o777)).unwrap();
        if is_root() {
            chown(path, Some(65534), None).unwrap();
        }
    };
    set(&home.dir());
    set(&home.files());
    set(&bundle);
    for name in home.names() {
        set(&home.files().join(name));
    }
    if !is_root() {
        skipped("only root can give a folder away: tried with open permissions alone");
    }
    let from_bundle = |key| Layer {
        source: LayerSource::Bundle(bundle.clone()),
        key,
    };
    entry(1).assert_hit(&over(&Home::new(), &[demanding(&home, Some(key(1)))]));
    entry(1).assert_hit(&over(&Home::new(), &[from_bundle(Some(key(1)))]));
    assert_eq!(layer_reason(&demanding(&home, None)), "untrusted-folder");
    assert_eq!(layer_reason(&from_bundle(None)), "bundle-untrusted");
    assert_eq!(layer_reason(&from_bundle(Some(key(2)))), "index-other-key");
    // As a private folder it is not used with a key either: it would be written to.
    assert_eq!(
        entry(1).reason(&keyed(&home, Some(key(1)))),
        MissReason::Untrusted
    );
}

#[test]
fn what_is_learned_from_a_layer_gets_the_key_of_the_folder() {
    let shared = filled(None);
    let mut reformatted = entry(1);
    reformatted.text.0 = [77; 32];
    let home = Home::new();
    let cache = Cache::open(CacheConfig {
        key: Some(key(3)),
        layers: vec![demanding(&shared, None)],
        ..home.config(Mode::On)
    });
    cache.set_log(|_| {});
    assert!(reformatted.is(&reformatted.find_by_meaning(&cache).unwrap()));
    reformatted.assert_hit(&keyed(&home, Some(key(3))));
    assert_eq!(
        reformatted.reason(&keyed(&home, None)).name(),
        "index-keyed"
    );
}

#[test]
fn overloads_of_a_keyed_folder_are_merged_listed_exported_and_imported() {
    let (home, all) = (filled(Some(key(1))), Selection::default());
    let other = entry(1).overload(&[DType::F32], 2);
    let cache = keyed(&home, Some(key(1)));
    other.store(&cache).unwrap();
    assert_eq!(cache.list().unwrap()[0].overloads.len(), 2);
    assert!(keyed(&home, None).list().unwrap().is_empty());

    let bundle = home.top().join("all.nbb");
    let exported = cache.export(&bundle, &all).unwrap();
    assert_eq!((exported.functions, exported.objects), (1, 2));
    let refused = keyed(&home, None)
        .export(&home.top().join("no.nbb"), &all)
        .unwrap();
    assert_eq!((refused.functions, refused.objects), (0, 0));
    assert_eq!(refused.skipped[0].reason.name(), "index-keyed");

    let import = |asked: Option<CacheKey>| {
        let home = Home::new();
        let cache = keyed(&home, asked);
        let imported = cache.import(&bundle).unwrap();
        let found: Vec<bool> = [&entry(1), &other]
            .map(|entry: &Entry| entry.find(&cache).is_ok_and(|hit| entry.is(&hit)))
            .to_vec();
        let reasons: BTreeMap<&str, usize> =
            imported
                .skipped
                .iter()
                .fold(BTreeMap::new(), |mut counts, skipped| {
                    *counts.entry(skipped.reason.name()).or_default() += 1;
                    counts
                });
        (imported.objects, found, reasons)
    };
    assert_eq!(import(Some(key(1))), (2, vec![true, true], BTreeMap::new()));
    for (asked, reason) in [(None, "index-keyed"), (Some(key(2)), "index-other-key")] {
        let expected = BTreeMap::from([(reason, 1), ("no-index", 2)]);
        assert_eq!(import(asked), (0, vec![false, false], expected));
    }
}

#[test]
fn a_prune_takes_functions_of_other_keys_whole_and_sets_none_aside() {
    let home = filled(Some(key(1)));
    let own = entry(2);
    own.store(&keyed(&home, Some(key(2)))).unwrap();
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(1_000_000);
    for name in home.names_with(".nbc") {
        let path = home.files().join(name);
        let file = fs::OpenOptions::new().write(true).open(path).unwrap();
        file.set_modified(long_ago).unwrap();
    }
    let nothing = brolga_cache::Limits {
        bytes: Some(0),
        age: None,
    };
    // Nothing is over: a file that needs another key stays as it is.
    let pruned = keyed(&home, Some(key(2)))
        .prune(&brolga_cache::Limits::default())
        .unwrap();
    assert_eq!((pruned.evicted, pruned.unnamed), (0, 0));
    let verified = keyed(&home, Some(key(1))).verify().unwrap();
    assert_eq!(verified.objects, 1, "{verified:?}");
    let verified = keyed(&home, None).verify().unwrap();
    assert_eq!(verified.bad[0].reason.name(), "index-keyed");
    // A quota of nothing is for all: whose key a file has does not keep it.
    keyed(&home, Some(key(2))).prune(&nothing).unwrap();
    assert!(home.names_with(".nbc").is_empty() && home.names_with(".nbi").is_empty());
    assert!(home.names_with(".bad").is_empty());
}

#[test]
fn a_key_is_read_from_64_digits_and_shown_nowhere() {
    let home = Home::new();
    let path = home.top().join("key");
    let write = |text: &[u8], mode: u32| {
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
    };
    let digits = "0f".repeat(32);
    for text in [
        digits.clone(),
        format!("{digits}\n"),
        format!(" {digits}\r\n"),
        digits.to_uppercase(),
    ] {
        write(text.as_bytes(), 0o600);
        assert_eq!(CacheKey::from_file(&path), Ok(key(0x0f)), "{text:?}");
    }
    assert_ne!(key(1), key(2));
    assert_eq!(format!("{:?}", key(0x0f)), "CacheKey(hidden)");

    let expected = "expected a file of 64 hexadecimal digits that only its owner may write to";
    let secret = "secret".repeat(11);
    for text in [
        &b""[..],
        &digits.as_bytes()[1..],
        format!("{digits}0").as_bytes(),
        secret.as_bytes(),
        format!("{}zz", &digits[2..]).as_bytes(),
        &[0xff; 64],
        &[b'0'; 5000],
    ] {
        write(text, 0o600);
        let error = CacheKey::from_file(&path).unwrap_err().to_string();
        assert!(error.ends_with(expected), "{error}");
        assert!(error.contains(path.to_str().unwrap()), "{error}");
        assert!(
            !error.contains("secret") && !error.contains("0f0f"),
            "{error}"
        );
    }
    for mode in [0o620, 0o602] {
        write(digits.as_bytes(), mode);
        let error = CacheKey::from_file(&path).unwrap_err().to_string();
        assert!(error.contains("is writable by"), "{error}");
    }
    for path in [home.top().join("absent"), home.top().to_path_buf()] {
        let error = CacheKey::from_file(&path).unwrap_err().to_string();
        assert!(error.ends_with(expected), "{error}");
    }
}

//! Read-only layers under the private folder: what each kind gives, in which order, whose are
//! taken, and that nothing is ever written to one.

mod support;

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use brolga_abi::DType;
use brolga_cache::{Cache, CacheConfig, Layer, LayerSource, MissReason, Mode, TextKey};
use support::{
    DONE, Entry, Home, bundle_of, done, entry, folder_layer, is_root, over, over_in, skipped,
    state, tables, variable,
};

fn filled(entries: &[Entry]) -> Home {
    let home = Home::new();
    for entry in entries {
        entry.store(&home.cache()).unwrap();
    }
    home
}

/// The same entries as a folder, a bundle and an embedded bundle.
fn kinds(shared: &Home) -> [Layer; 3] {
    let bundle = bundle_of(shared);
    let bytes: &'static [u8] = fs::read(&bundle).unwrap().leak();
    [
        folder_layer(shared),
        Layer::new(LayerSource::Bundle(bundle)),
        Layer::new(LayerSource::Embedded(bytes)),
    ]
}

#[test]
fn each_kind_of_layer_gives_what_it_holds_and_is_not_touched() {
    let one = entry(1);
    let shared = filled(&[one.clone(), one.overload(&[DType::F32], 2), entry(3)]);
    for layer in kinds(&shared) {
        let before = state(shared.top());
        let home = Home::new();
        let cache = over(&home, std::slice::from_ref(&layer));
        let build_id = one.request.build_id;
        assert_eq!(
            cache.meta(&one.id, &one.text, &build_id),
            Some(one.meta.clone())
        );
        for _ in 0..3 {
            let hit = one.find(&cache).unwrap();
            assert!(one.is(&hit));
            assert_eq!(hit.layer, Some(0));
        }
        let hit = one.find_by_meaning(&cache).unwrap();
        assert!(one.is(&hit));
        entry(3).assert_hit(&cache);
        assert_eq!(entry(4).reason(&cache), MissReason::NoFolder);

        let stats = cache.stats();
        assert_eq!((stats.meta_hits, stats.text_hits), (1, 4));
        assert_eq!((stats.fingerprint_hits, stats.taught), (1, 0));
        assert_eq!(stats.misses(), 1);
        assert_eq!(stats.passed_on, BTreeMap::from([("no-folder", 5)]));
        assert_eq!(stats.index_reads, 3, "one for each function");
        let [given] = &stats.layers[..] else {
            panic!("{stats:?}")
        };
        assert_eq!(given.name, layer.source.to_string());
        assert_eq!((given.meta_hits, given.text_hits), (1, 4));
        assert_eq!(given.fingerprint_hits, 1);
        assert_eq!(given.misses, BTreeMap::from([("no-index", 1)]));
        assert!(!home.dir().exists(), "a hit in a layer makes nothing");
        assert_eq!(state(shared.top()), before, "{layer:?}");
    }
}

#[test]
fn layers_are_asked_in_order_and_the_private_folder_first() {
    let versions: Vec<Entry> = (0..3)
        .map(|tag| {
            let mut version = entry(1);
            version.object.push(tag);
            version
        })
        .collect();
    let [own, first, second] = [0, 1, 2].map(|tag| filled(&versions[tag..=tag]));
    let layers = [folder_layer(&first), folder_layer(&second)];
    let found = |home: &Home, layers: &[Layer]| {
        let hit = entry(1).find(&over(home, layers)).unwrap();
        (hit.object.last().copied().unwrap(), hit.layer)
    };
    assert_eq!(found(&own, &layers), (0, None));
    assert_eq!(found(&Home::new(), &layers), (1, Some(0)));
    let [first, second] = layers;
    assert_eq!(found(&Home::new(), &[second, first]), (2, Some(0)));

    let cache = over(&own, &[folder_layer(&own)]);
    entry(1).find(&cache).unwrap();
    let given = &cache.stats().layers[0];
    assert_eq!((given.text_hits, given.misses.len()), (0, 0), "not asked");
}

#[test]
fn an_overload_in_the_folder_stands_beside_one_in_a_layer() {
    let shared_one = entry(1);
    let own_one = shared_one.overload(&[DType::F32], 2);
    let shared = filled(std::slice::from_ref(&shared_one));
    for layer in kinds(&shared) {
        let before = state(shared.top());
        let home = Home::new();
        let cache = over(&home, std::slice::from_ref(&layer));
        shared_one.assert_hit(&cache);
        own_one.store(&cache).unwrap();
        let cache = over(&home, &[layer]);
        assert_eq!(own_one.find(&cache).unwrap().layer, None);
        assert_eq!(shared_one.find(&cache).unwrap().layer, Some(0));
        own_one.assert_hit(&home.cache());
        assert_eq!(shared_one.reason(&home.cache()), MissReason::NoOverload);
        assert_eq!(state(shared.top()), before);
    }
}

#[test]
fn what_is_learned_from_a_layer_goes_to_the_folder() {
    let old = entry(1);
    let shared = filled(std::slice::from_ref(&old));
    let mut reformatted = old.clone();
    reformatted.text = TextKey([77; 32]);
    reformatted.tables = tables(500);
    for layer in kinds(&shared) {
        let before = state(shared.top());
        let home = Home::new();
        let cache = over(&home, std::slice::from_ref(&layer));
        assert_eq!(reformatted.reason(&cache), MissReason::NoFolder);
        assert_eq!(
            cache.stats().layers[0].misses,
            BTreeMap::from([("text-unknown", 1)])
        );
        let hit = reformatted.find_by_meaning(&cache).unwrap();
        assert!(reformatted.is(&hit));
        assert_eq!(hit.layer, Some(0));
        assert_eq!(cache.stats().taught, 1);
        assert_eq!(state(shared.top()), before);

        reformatted.assert_hit(&home.cache());
        assert_eq!(home.names_with(".nbc").len(), 1);
        assert_eq!(old.find(&over(&home, &[layer])).unwrap().layer, Some(0));
    }
}

#[test]
fn a_mode_says_whether_layers_are_asked() {
    let one = entry(1);
    let shared = filled(std::slice::from_ref(&one));
    let mut reformatted = one.clone();
    reformatted.text = TextKey([77; 32]);
    for layer in kinds(&shared) {
        for (mode, expected) in [
            (Mode::Off, MissReason::Off),
            (Mode::Refresh, MissReason::Refresh),
        ] {
            let home = Home::new();
            let cache = over_in(&home, mode, std::slice::from_ref(&layer));
            assert_eq!(one.reason(&cache), expected);
            assert_eq!(one.find_by_meaning(&cache).unwrap_err().reason, expected);
            let build_id = one.request.build_id;
            assert_eq!(cache.meta(&one.id, &one.text, &build_id), None);
            assert!(cache.stats().layers[0].misses.is_empty());
        }
        let home = Home::new();
        let cache = over_in(&home, Mode::ReadOnly, &[layer]);
        one.assert_hit(&cache);
        assert!(reformatted.is(&reformatted.find_by_meaning(&cache).unwrap()));
        assert_eq!(cache.stats().taught, 0);
        assert!(!home.dir().exists());
    }
}

fn put(path: &Path, bytes: &[u8]) {
    let _ = fs::remove_file(path);
    fs::write(path, bytes).unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o644)).unwrap();
}

/// The end of a reason's name, and what puts something bad in place of a file.
type Place = (&'static str, fn(&Path));

/// What may stand in place of a file.
fn places() -> [Place; 8] {
    [
        ("-magic", |path| put(path, b"not a file of the cache")),
        ("-truncated", |path| put(path, b"")),
        ("-truncated", |path| {
            let bytes = fs::read(path).unwrap();
            put(path, &bytes[..bytes.len() - 1]);
        }),
        ("", |path| {
            let mut bytes = fs::read(path).unwrap();
            let last = bytes.len() - 1;
            bytes[last] ^= 1;
            put(path, &bytes);
        }),
        ("-not-regular", |path| {
            fs::remove_file(path).unwrap();
            fs::create_dir(path).unwrap();
        }),
        ("-not-regular", |path| {
            fs::remove_file(path).unwrap();
            let status = Command::new("mkfifo").arg(path).status();
            assert!(status.unwrap().success());
        }),
        ("-not-regular", |path| {
            fs::remove_file(path).unwrap();
            symlink("/etc/passwd", path).unwrap();
        }),
        ("-too-large", |path| {
            put(path, b"");
            let file = fs::OpenOptions::new().write(true).open(path).unwrap();
            file.set_len((64 << 20) + 1).unwrap();
        }),
    ]
}

#[test]
fn a_damaged_file_in_a_layer_is_its_miss_and_stays_as_it_is() {
    let one = entry(1);
    for ending in [".nbi", ".nbc"] {
        for (reason, place) in places() {
            let shared = filled(std::slice::from_ref(&one));
            let behind = filled(std::slice::from_ref(&one));
            place(&shared.only(ending));
            let before = state(shared.top());
            let home = Home::new();
            let cache = over(&home, &[folder_layer(&shared)]);
            assert_eq!(one.reason(&cache), MissReason::NoFolder);
            let stats = cache.stats();
            assert_eq!(stats.text_misses, BTreeMap::from([("no-folder", 1)]));
            let misses = &stats.layers[0].misses;
            let (name, count) = misses.first_key_value().unwrap();
            assert_eq!((misses.len(), *count), (1, 1), "{misses:?}");
            assert!(name.ends_with(reason), "{ending} {name} {reason}");
            assert!(one.find_by_meaning(&cache).is_err());

            // The next layer has it.
            let cache = over(&home, &[folder_layer(&shared), folder_layer(&behind)]);
            let hit = one.find(&cache).unwrap();
            assert!(one.is(&hit));
            assert_eq!(hit.layer, Some(1));
            assert_eq!(cache.stats().misses(), 0);

            one.store(&cache).unwrap();
            assert_eq!(one.find(&cache).unwrap().layer, None);
            assert_eq!(state(shared.top()), before, "{ending} {name}");
        }
    }
}

#[test]
fn damage_in_the_folder_is_repaired_there_while_a_layer_answers() {
    let one = entry(1);
    let shared = filled(std::slice::from_ref(&one));
    let home = filled(std::slice::from_ref(&one));
    put(&home.only(".nbc"), b"nonsense");
    let cache = over(&home, &[folder_layer(&shared)]);
    assert_eq!(one.find(&cache).unwrap().layer, Some(0));
    let stats = cache.stats();
    assert_eq!(stats.passed_on, BTreeMap::from([("object-magic", 1)]));
    assert_eq!((stats.set_aside, stats.misses()), (1, 0));
}

#[test]
fn a_layer_that_is_not_there_is_told_once_and_used_when_it_comes() {
    static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let one = entry(1);
    let shared = filled(std::slice::from_ref(&one));
    let bundle = bundle_of(&shared);
    let later = Home::new();
    let layers = [
        Layer::new(LayerSource::Folder(later.dir())),
        Layer::new(LayerSource::Bundle(later.top().join("later.nbb"))),
    ];
    let home = Home::new();
    let cache = over(&home, &layers);
    cache.set_log(|line| LINES.lock().unwrap().push(line.to_string()));
    for _ in 0..3 {
        assert_eq!(one.reason(&cache), MissReason::NoFolder);
    }
    let misses = |number: usize| cache.stats().layers[number].misses.clone();
    assert_eq!(misses(0), BTreeMap::from([("no-folder", 3)]));
    assert_eq!(misses(1), BTreeMap::from([("no-bundle", 3)]));
    let lines = LINES.lock().unwrap().clone();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].contains(later.dir().to_str().unwrap()),
        "{lines:?}"
    );

    fs::copy(bundle, later.top().join("later.nbb")).unwrap();
    assert_eq!(one.find(&cache).unwrap().layer, Some(1));
    one.store(&later.cache()).unwrap();
    assert_eq!(one.find(&cache).unwrap().layer, Some(0));
}

#[test]
fn a_bundle_that_is_rewritten_while_it_is_used_gives_nothing_wrong() {
    let one = entry(1);
    let shared = filled(&[one.clone(), entry(2)]);
    let bundle = bundle_of(&shared);
    let cache = over(
        &Home::new(),
        &[Layer::new(LayerSource::Bundle(bundle.clone()))],
    );
    one.assert_hit(&cache);
    // In place: the handle's descriptor sees it.
    let length = fs::metadata(&bundle).unwrap().len() as usize;
    fs::write(&bundle, vec![0; length]).unwrap();
    assert_eq!(entry(2).reason(&cache), MissReason::NoFolder);
    assert!(one.find(&cache).is_err(), "the object is read anew");
    fs::write(&bundle, b"short").unwrap();
    assert!(entry(2).find(&cache).is_err());
    assert!(one.find(&cache).is_err());
    let misses = &cache.stats().layers[0].misses;
    assert_eq!(
        misses.keys().copied().collect::<Vec<_>>(),
        [
            "index-magic",
            "index-truncated",
            "object-magic",
            "object-truncated"
        ]
    );
}

#[test]
fn a_bundle_that_is_replaced_while_it_is_used_stays_the_one_it_was() {
    let one = entry(1);
    let shared = filled(std::slice::from_ref(&one));
    let bundle = bundle_of(&shared);
    let cache = over(
        &Home::new(),
        &[Layer::new(LayerSource::Bundle(bundle.clone()))],
    );
    one.assert_hit(&cache);
    fs::remove_file(&bundle).unwrap();
    fs::write(&bundle, b"another").unwrap();
    one.assert_hit(&cache);
}

#[test]
fn the_last_use_is_not_written_down_in_a_layer() {
    let shared = filled(&[entry(1)]);
    let layers = kinds(&shared);
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(1_000_000);
    for path in [
        shared.only(".nbi"),
        shared.only(".nbc"),
        shared.top().join("all.nbb"),
    ] {
        let file = fs::OpenOptions::new().write(true).open(path).unwrap();
        file.set_modified(long_ago).unwrap();
    }
    let before = state(shared.top());
    for layer in layers {
        let cache = over(&Home::new(), &[layer]);
        entry(1).assert_hit(&cache);
        assert_eq!(cache.stats().touches, 0);
    }
    assert_eq!(state(shared.top()), before);
}

#[test]
fn a_changed_index_in_a_layer_is_read_again() {
    let one = entry(1);
    let shared = filled(std::slice::from_ref(&one));
    let cache = over(&Home::new(), &[folder_layer(&shared)]);
    for _ in 0..5 {
        one.assert_hit(&cache);
    }
    let own_reads = 0;
    assert_eq!(cache.stats().index_reads, own_reads + 1);
    let other = one.overload(&[DType::F32], 2);
    other.store(&shared.cache()).unwrap();
    other.assert_hit(&cache);
    assert_eq!(cache.stats().index_reads, own_reads + 2);
}

fn layer_reason(layer: &Layer) -> &'static str {
    let home = Home::new();
    let cache = over(&home, std::slice::from_ref(layer));
    let found = entry(1).find(&cache);
    assert!(found.is_err(), "{layer:?} was taken");
    let stats = cache.stats();
    let misses = &stats.layers[0].misses;
    assert_eq!(misses.len(), 1);
    misses.first_key_value().unwrap().0
}

#[test]
fn what_others_can_write_to_is_no_layer() {
    let shared = filled(&[entry(1)]);
    let [folder, bundle, _] = kinds(&shared);
    let set = |path: &Path, mode: u32| {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    };
    for mode in [0o777, 0o775, 0o757] {
        for dir in [shared.dir(), shared.files()] {
            set(&dir, mode);
            assert_eq!(layer_reason(&folder), "untrusted-folder");
            set(&dir, 0o755);
        }
    }
    for (ending, reason) in [(".nbi", "index-untrusted"), (".nbc", "object-untrusted")] {
        for mode in [0o666, 0o664, 0o646] {
            set(&shared.only(ending), mode);
            assert_eq!(layer_reason(&folder), reason);
            set(&shared.only(ending), 0o644);
        }
    }
    entry(1).assert_hit(&over(&Home::new(), &[folder]));

    let path = shared.top().join("all.nbb");
    for mode in [0o666, 0o664, 0o646] {
        set(&path, mode);
        assert_eq!(layer_reason(&bundle), "bundle-untrusted");
    }
    set(&path, 0o444);
    entry(1).assert_hit(&over(&Home::new(), &[bundle]));
}

#[test]
fn what_another_user_owns_is_no_layer() {
    if !is_root() {
        skipped("only root can give a folder away");
        return;
    }
    let shared = filled(&[entry(1)]);
    let [folder, bundle, _] = kinds(&shared);
    let give = |path: &Path, to: u32| chown(path, Some(to), None).unwrap();
    for path in [shared.dir(), shared.files()] {
        give(&path, 65534);
        assert_eq!(layer_reason(&folder), "untrusted-folder");
        give(&path, 0);
    }
    give(&shared.only(".nbi"), 65534);
    assert_eq!(layer_reason(&folder), "index-untrusted");
    give(&shared.only(".nbi"), 0);
    give(&shared.only(".nbc"), 65534);
    assert_eq!(layer_reason(&folder), "object-untrusted");
    give(&shared.top().join("all.nbb"), 65534);
    assert_eq!(layer_reason(&bundle), "bundle-untrusted");
}

#[test]
fn links_to_a_layer_are_followed_unless_another_user_made_them() {
    let shared = filled(&[entry(1)]);
    let [_, Layer { source, .. }, _] = kinds(&shared);
    let LayerSource::Bundle(path) = source else {
        panic!("{source:?}")
    };
    let (to_dir, to_bundle) = (shared.top().join("dir"), shared.top().join("bundle"));
    symlink(shared.dir(), &to_dir).unwrap();
    symlink(path, &to_bundle).unwrap();
    let layers = [
        Layer::new(LayerSource::Folder(to_dir.clone())),
        Layer::new(LayerSource::Bundle(to_bundle.clone())),
    ];
    for layer in &layers {
        entry(1).assert_hit(&over(&Home::new(), std::slice::from_ref(layer)));
    }
    if !is_root() {
        skipped("only root can give a link away");
        return;
    }
    for link in [to_dir, to_bundle] {
        std::os::unix::fs::lchown(link, Some(65534), None).unwrap();
    }
    assert_eq!(layer_reason(&layers[0]), "untrusted-folder");
    assert_eq!(layer_reason(&layers[1]), "bundle-untrusted");
}

#[test]
fn a_layer_of_root_serves_another_user() {
    use std::os::unix::process::CommandExt;
    if !is_root() {
        skipped("only root can make a folder of root");
        return;
    }
    let shared = filled(&[entry(1)]);
    let bundle = bundle_of(&shared);
    let theirs = Home::new();
    let open = |path: &Path| fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
    for dir in [shared.top(), &shared.dir(), &shared.files(), theirs.top()] {
        open(dir);
    }
    for name in shared.names() {
        open(&shared.files().join(name));
    }
    chown(theirs.top(), Some(65534), Some(65534)).unwrap();
    let before = state(shared.top());
    for layer in [shared.dir(), bundle] {
        let variables = [
            ("BROLGA_TEST_DIR", theirs.dir()),
            ("BROLGA_TEST_LAYER", layer.clone()),
        ];
        let mut command = support::command("child_with_a_layer", &[]);
        command.envs(variables).uid(65534).gid(65534);
        match command.current_dir("/").status() {
            Ok(status) => assert_eq!(status.code(), Some(DONE), "{}", layer.display()),
            Err(error) => skipped(&format!("user 65534 cannot run this test: {error}")),
        }
    }
    assert_eq!(state(shared.top()), before);
}

#[test]
#[ignore = "run by another test in a process of its own, as another user"]
fn child_with_a_layer() {
    let (Some(dir), Some(layer)) = (variable("BROLGA_TEST_DIR"), variable("BROLGA_TEST_LAYER"))
    else {
        return;
    };
    let cache = Cache::open(CacheConfig {
        dir: Some(dir.into()),
        layers: vec![Layer::new(LayerSource::at(layer))],
        ..CacheConfig::default()
    });
    assert_eq!(entry(1).find(&cache).unwrap().layer, Some(0));
    entry(2).store(&cache).unwrap();
    entry(2).assert_hit(&cache);
    done();
}

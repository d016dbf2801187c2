/** Text browsers, and others that name no system but a library that bots use too. */
export const plainBrowsers: readonly string[] = [
  'lynx',
  'links \\(|elinks',
  'w3m',
  'mosaic',
  'dillo',
  'netsurf',
  'amaya',
];

/** Phones, tablets, watches, televisions, boxes, consoles, loudspeakers; players. Case does not matter. */
export const devices: readonly string[] = [
  'iphone|ipad|ipod|iph[0-9]|\\bios\\b|cfnetwork|android|mozac|harmony|blackberry|bb10|playbook|symb(?:ian|os)|firefox os|fire os',
  'series ?[3468]0|s60/|maemo|meego|tizen|bada|webos|web0s|hpwos|kaios|palm|\\bpsion|brew|midp|cldc|j2me|maui|\\bmre\\b',
  'watch ?os|watch[0-9]|cellphone|mobilephone|phone[;)]|hiptop|\\basha\\b',
  'up\\.browser|up\\.link|obigo|teleca|netfront|ucweb|ucbrowser|openwave|\\bwap(?:[^a-z]|$)|docomo|foma|kddi|softbank',
  'nokia|samsung|sony ?ericsson|motorola|huawei|sanyo|ericsson|pantech|j-phone|vodafone|jig browser|ddipocket|willcom',
  'htc[ _/-]|^asus|^lenovo|tablet|^zte|^alcatel|^benq|^sharp|^philips|^panasonic|^haier|^sony|^sie-|^sec-|^mot-|^lg[-/ eku]',
  'smart-?tv|apple ?tv|tvos|hbbtv|ce-html|nettv|netcast|dtv|opentv|hybridcast|viera|bravia|aquos|vizio|roku|crkey|google ?tv|kreatv|youview',
  'playstation|\\bps3\\b|\\bps4\\b|\\bps5\\b|\\bpsp\\b|nintendo|xbox|dreamcast|webtv|sonos|airplay|kindle|kobo|nook|\\baft[a-z]',
  'vlc|quicktime|itunes|winamp|foobar2000|kodi|xbmc|applecoremedia|stagefright|mpv|audacious|player|podcast|podcatcher|radio',
  // What apps report: package id, build, screen.
  '\\b(?:com|org|net)\\.[a-z0-9_-]+\\.[a-z]|build[ :/]?[0-9]|[a-z]-?app(?:/|$)|scale/[0-9]|alamofire|fban/',
  // A browser whose user agent lost its beginning.
  'applewebkit.*mobile|version/4\\.0 chrome',
];

/** Desktops, and browsers and office programs that name none. Case does not matter. */
export const desktops: readonly string[] = [
  'windows|win ?(?:9[58]|nt|16|32|64|ce|7|8|10|11)|macintosh|mac[ _]?os|mac_|\\bmac\\b|mac-|macbook|osx|darwin|x11|linux|cros ',
  'freebsd|openbsd|netbsd|sunos|solaris|\\baix\\b|irix|osf1|unix|warp|arcaos|beos|haiku|syllable|amiga|morphos|risc os',
  'qnx|openvms|ultrix|wtos|inferno|serenityos|cygwin|fuchsia|ubuntu|fedora|debian',
  'rv:[0-9.]+\\) gecko/[0-9.]+ .*firefox/[0-9]|\\) version/[0-9.]+ safari/',
  'opera|netscape|galeon|konqueror|omniweb|midori|arachne|browser(?:[^a-z]|$)|(?:web|internet) ?explorer',
  'ms-?office|microsoft office/|outlook|thunderbird|postbox|lotus-?notes|eudora|airmail|the bat!',
];

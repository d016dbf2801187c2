import { type RuleRow, ruleRows } from './rule-row.ts';

/**
 * The viewer's kind of device, by words that makers put into user agents on purpose:
 * an Android without `Mobile` is a tablet or a television
 * (https://developer.chrome.com/docs/multidevice/user-agent#chrome_for_android_user_agent).
 * An iPad that asks for desktop pages calls itself a Macintosh and counts as one.
 */
export const deviceClassRules: readonly RuleRow[] = ruleRows('class', [
  ['Tablet PC', 'desktop'],
  ['PlayStation|PLAYSTATION|Xbox|Nintendo', 'other'],
  ['Smart-?TV|SMART-?TV|Smart TV|SmartHub|HbbTV|CE-HTML|InettvBrowser|NetCast|NETTV|Web0S', 'tv'],
  ['Apple ?TV|tvOS|Google ?TV|Android TV|BRAVIA|CrKey|Roku|MiTV|Viera|DTV', 'tv'],
  ['\\bAFT[A-Z0-9]{1,5}\\b|MIBOX|SHIELD Android|TV Box|TV Bro', 'tv'],
  ['watchOS|Apple Watch|Watch[0-9]+,[0-9]', 'other'],
  [
    'iPad|Tablet|tablet|PlayBook|Kindle|\\bKF[A-Z]{2,5}\\b|Silk/[0-9.]+ like Chrome|Nexus (?:7|9|10)\\b|hp-tablet',
    'tablet',
  ],
  [
    'iPhone|iPod|Windows Phone|Windows CE|Windows Mobile|IEMobile|BlackBerry|BB10|Symbian|SymbOS|Series ?[46]0',
    'mobile',
  ],
  ['Opera Mini|Opera Mobi|UCWEB|MIDP|KAIOS|KaiOS|webOS/|\\bMobile\\b|Mobile/|Android.*Mobile', 'mobile'],
  ['UP\\.Browser|Obigo|NetFront|Teleca|DoCoMo|KDDI|SoftBank|J-PHONE|Vodafone|Bada|BREW|PalmSource', 'mobile'],
  ['^(?:Nokia|NOKIA|SAMSUNG|SonyEricsson|LG|MOT|SIE|SEC|HTC|ZTE|Alcatel|ALCATEL|BenQ|Palm)', 'mobile'],
  ['Android.*(?:AppleWebKit|Gecko|Presto)', 'tablet'],
  // An app's own user agent has no `Mobile` on phones either: `Dalvik/2.1.0 (Linux; U; Android 13; …)`.
  ['Android.*(?:SM-[PTX][0-9]|GT-P[0-9]|MediaPad|Lenovo (?:TB-|YT-)|Tab\\b|Pad\\b)', 'tablet'],
  ['Android', 'mobile'],
  ['Windows NT|Windows 9|Win(?:98|95|dows)|Macintosh|Mac OS X|Mac_PowerPC|CrOS|X11|Linux', 'desktop'],
]);

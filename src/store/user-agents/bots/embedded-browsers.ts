/**
 * Markers that interactive apps put into the user agents of their embedded browsers. Names of such apps
 * may also be names of bots (`Viber`, `Code/1.115`), or of bots' activities (`CamScanner`).
 */
export const embeddedBrowsers: readonly string[] = [
  String.raw`Android [^)]*; wv\)`, // Android System WebView: developer.chrome.com/docs/multidevice/user-agent
  ' Electron/[0-9]',
  'QtWebEngine/[0-9]',
  'FB_IAB|FBA[NV]/|MetaIAB|Instagram [0-9]',
  'MicroMessenger/|MQQBrowser/|SogouMSE|SogouMobileBrowser|SogouSearch|baiduboxapp',
  'KAKAOTALK|NAVER\\(inapp|\\bLine/[0-9]|Whale/[0-9]',
  'GSA/[0-9]|YaBrowser/|YaSearch',
  'musical_ly|BytedanceWebview|LinkedInApp|Snapchat/|Twitter for',
];

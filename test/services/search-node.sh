# shellcheck shell=bash
# Sourced by start-opensearch and start-elasticsearch: the plain distribution that each project publishes as a Maven artifact for
# its own tests (server and modules, no plugins).

# find_jdk OLDEST NEWEST: prints the home of a JDK of such a version.
find_jdk() {
  local candidate major
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    [ -n "$candidate" ] && [ -x "$candidate/bin/java" ] || continue
    major=$("$candidate/bin/java" -XshowSettings:properties -version 2>&1 |
      sed -n 's/^ *java\.specification\.version = \([0-9]*\).*/\1/p')
    if [ "${major:-0}" -ge "$1" ] && [ "$major" -le "$2" ]; then
      echo "$candidate"
      return
    fi
  done
  return 1
}

fetch_node() {
  local name=$1 version=$2 group=$3
  # Maven would read a pom.xml of the working directory.
  cd "$home"
  mvn -q -B -ntp org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack \
    "-Dartifact=$group.distribution.integ-test-zip:$name:$version:zip" "-DoutputDirectory=$home/unpacked"
  mv "unpacked/$name-$version" node
  rmdir unpacked
}

# serve_node NAME VERSION GROUP PREFIX OLDEST_JDK NEWEST_JDK SETTING...
serve_node() {
  local name=$1 version=$2 group=$3 prefix=$4 jdk
  jdk=$(find_jdk "$5" "$6") || die "$name $version needs a JDK from $5 to $6 in JAVA_HOME or /usr/lib/jvm"
  shift 6
  [ -e "$cache/$name-node-$version/.complete" ] || need mvn
  install_once "$name-node-$version" fetch_node "$name" "$version" "$group"
  mkdir -p "$data"/{config,logs,tmp}
  sed '/gc\.log/d; /HeapDump/d; /ErrorFile/d' "$home/node/config/jvm.options" >"$data/config/jvm.options"
  printf '%s\n' 'appender.c.type = Console' 'appender.c.name = c' 'appender.c.layout.type = PatternLayout' \
    'rootLogger.level = warn' 'rootLogger.appenderRef.c.ref = c' >"$data/config/log4j2.properties"
  # Both decline to run as root, which they learn through a native library; without it they warn and start.
  # Watermarks are off: a nearly full disk would make every index read-only behind a test's back.
  startup_seconds=180 serve '/_cluster/health?wait_for_status=yellow&timeout=4s' env \
    "${prefix}_JAVA_HOME=$jdk" "${prefix}_PATH_CONF=$data/config" "${prefix}_TMPDIR=$data/tmp" \
    "${prefix}_JAVA_OPTS=-Xms512m -Xmx512m -XX:TieredStopAtLevel=1 -Djna.nounpack=true" \
    "$home/node/bin/$name" -Ediscovery.type=single-node -Epath.data="$data/data" -Epath.logs="$data/logs" \
    -Ehttp.host=127.0.0.1 -Ehttp.port="$port" -Etransport.host=127.0.0.1 -Etransport.port=0 \
    -Ecluster.routing.allocation.disk.threshold_enabled=false "$@"
}

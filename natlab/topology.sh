# shellcheck shell=bash
# A part of natlab: namespaces and links, up and down.

need_root()  { [[ $(id -u) -eq 0 ]] || die "must run as root"; }
need_tools() {
    local t
    for t in ip nft "$PYTHON" flock timeout setsid sysctl; do
        command -v "$t" >/dev/null 2>&1 || die "'$t' not found (Debian packages: iproute2 nftables python3 util-linux coreutils procps)"
    done
}

# Building is a matter of a thousand small steps, so they are collected: MAKE is
# one batch for ip that makes namespaces and links, SETUP[ns] one that
# configures a namespace from inside.
declare -A SETUP
MAKE=""

make()  { MAKE+="$1"$'\n'; }
setup() { SETUP[$1]+="$2"$'\n'; }

ns_new() { # HOST
    local ns=$NS$1
    ns_exists "$ns" && die "namespace $ns exists already and is not of this lab"
    NEW+=("$ns")
    make "netns add $ns"
    SETUP[$ns]=""
    setup "$ns" "link set lo alias natlab:$LAB"
    setup "$ns" "link set lo up"
}

build() { # recorded before they are made, so that 'down' finds them whatever happens
    local ns
    printf '%s\n' "${NEW[@]}" > "$STATE/namespaces"
    ip -batch - <<< "${MAKE%$'\n'}" || die "cannot make namespaces and links"
    for ns in "${NEW[@]}"; do
        ip -n "$ns" -batch - <<< "${SETUP[$ns]%$'\n'}" || die "cannot set up $ns"
    done
}

ns_exists() { [[ -e /run/netns/$1 ]]; }

# The lab's namespaces: those its state records, and those that carry its mark
# (should the state have been lost).
own_namespaces() {
    local ns
    local -A known=()
    if [[ -f $STATE/namespaces ]]; then
        while read -r ns; do known[$ns]=1; done < "$STATE/namespaces"
    fi
    for ns in /run/netns/"$NS"*; do
        ns=${ns##*/}
        ns_exists "$ns" || continue
        if [[ -n ${known[$ns]-} ]] || ip -n "$ns" link show lo 2>/dev/null | grep -q "alias natlab:$LAB\$"; then
            echo "$ns"
        fi
    done
}

router_sysctl() { # NS KEY=VALUE...
    local ns=$1; shift
    ip netns exec "$ns" sysctl -q -e -w net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 \
        net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.all.send_redirects=0 \
        net.ipv4.conf.default.send_redirects=0 net.bridge.bridge-nf-call-iptables=0 "$@" ||
        die "cannot set up routing in $ns"
}

# The internet is a router that has a route to every site of the lab and none
# to anything else. With delay=, packets from a site are first routed into a
# TUN device, and what comes out of that is routed on.
plan_inet() {
    local ns=${NS}inet
    ns_new inet
    setup "$ns" "route add blackhole default metric 1000"
    if delayed; then
        setup "$ns" "tuntap add dev wanem mode tun"
        setup "$ns" "link set wanem addrgenmode none up txqueuelen 10000"
        setup "$ns" "route add default dev wanem table 100"
        setup "$ns" "rule add pref 10 iif wanem lookup main"
    fi
}

delayed() { [[ $INET_DELAY != 0 || $INET_JITTER != 0 ]]; }

wait_for() { # FILE WORD: at most 15 s; what the file says instead is shown
    local i
    for ((i = 0; i < 300; i++)); do
        grep -q "$2" "$1" 2>/dev/null && return 0
        sleep 0.05
    done
    tail -n 5 "$1" >&2
    return 1
}

spawn_in() { # HOST LOGNAME CMD...: prints the pid
    local ns=$NS$1 log=$STATE/log/$2.log; shift 2
    setsid nohup ip netns exec "$ns" "$@" >"$log" 2>&1 </dev/null 9>&- &
    echo $!
}

plan_site() { # NAME DEV: its link to the internet
    local name=$1 dev=$2 ns=$NS$1 inet=${NS}inet v=v${IDX[$1]} a
    make "link add $dev netns $ns type veth peer name $v netns $inet"
    setup "$inet" "addr add ${GW[$name]}/24 dev $v"
    setup "$inet" "link set $v addrgenmode none up"
    delayed && setup "$inet" "rule add pref 20 iif $v lookup 100"
    for a in ${ADDR[$name]}; do setup "$ns" "addr add $a/24 dev $dev"; done
    setup "$ns" "link set $dev addrgenmode none up"
    setup "$ns" "route add default via ${GW[$name]}"
}

plan_lan() { # NAME DEV: a port of its parent's LAN bridge
    local name=$1 dev=$2 ns=$NS$1 router=$NS${PARENT[$1]} port=p${IDX[$1]}
    make "link add $dev netns $ns type veth peer name $port netns $router"
    setup "$router" "link set $port master lan addrgenmode none up"
    setup "$ns" "addr add ${ADDR[$name]}/24 dev $dev"
    setup "$ns" "link set $dev addrgenmode none up"
    setup "$ns" "route add default via ${GW[$name]}"
}

plan_nat() { # NAME
    local name=$1 ns=$NS$1
    ns_new "$name"
    if [[ ${PARENT[$name]} == inet ]]; then plan_site "$name" wan; else plan_lan "$name" wan; fi
    setup "$ns" "link add lan type bridge forward_delay 0"
    setup "$ns" "addr add ${LAN[$name]}.1/24 dev lan"
    setup "$ns" "link set lan addrgenmode none up"
    nat_behaviour "$name"
    [[ $B_NAT == no ]] && setup "${NS}inet" "route add ${LAN[$name]}.0/24 via ${ADDR[$name]}"
    return 0
}

nat_apply() { # NAME [fresh]: rules, timeouts, empty state (a fresh namespace has none)
    local name=$1 ns=$NS$1
    nat_rules "$name" | ip netns exec "$ns" nft -f - || die "nft refused the rules of $name"
    nat_behaviour "$name"
    router_sysctl "$ns" "net.netfilter.nf_conntrack_udp_timeout=$B_TIMEOUT0" \
        "net.netfilter.nf_conntrack_udp_timeout_stream=$B_TIMEOUT"
    [[ ${2-} == fresh ]] && return 0
    ip netns exec "$ns" "$PYTHON" -S "$HERE/natprobe.py" ctflush || die "cannot empty the connection table of $name"
    if [[ -s $STATE/portmap-$name.pid ]]; then       # it restarts with the router, and knows nothing
        local pid; pid=$(cat "$STATE/portmap-$name.pid")
        ip netns pids "$ns" | grep -qx "$pid" && kill "$pid" && wait_gone "$pid"
        start_portmap "$name"
        started "portmap-$name"
    fi
}

wait_gone() { # PID: at most 2 s
    local i
    for ((i = 0; i < 40; i++)); do [[ -e /proc/$1/ns/net ]] || return 0; sleep 0.05; done
    kill -KILL "$1" 2>/dev/null
}

lab_exists() { [[ -s $STATE/namespaces ]]; }

need_lab() {
    lab_exists || die "lab '$LAB' is not up"
    load_lab
}

load_lab() { # the config, and over it what 'set' changed
    local nat key value
    OVERRIDE=()
    if [[ -f $STATE/overrides ]]; then
        while read -r nat key value; do OVERRIDE[$nat,$key]=$value; done < "$STATE/overrides"
    fi
    read_config "$STATE/config"
}

lock() {
    mkdir -p "$STATE_ROOT" || die "cannot make $STATE_ROOT"
    exec 9>"$STATE_ROOT/.$LAB.lock"
    flock -w 120 9 || die "lab '$LAB' is busy"
}

cmd_up() {
    local config=${1:-$HERE/configs/basic.conf} text name
    local -a NEW=() services=()
    need_root; need_tools
    if [[ $config == - ]]; then text=$(cat); else
        [[ -r $config ]] || { [[ -r $HERE/configs/$config.conf ]] && config=$HERE/configs/$config.conf; }
        text=$(cat "$config") || die "cannot read $config"
    fi
    lock
    local tmp; tmp=$(mktemp) || die "no temporary file"
    printf '%s\n' "$text" > "$tmp"
    ( read_config "$tmp" ) || { rm -f "$tmp"; exit 1; }
    if lab_exists; then
        if cmp -s "$tmp" "$STATE/config" && [[ $(cat "$STATE/ready" 2>/dev/null) == "$(edition)" &&
            ! -s $STATE/overrides ]] && all_there; then
            rm -f "$tmp"; note "lab '$LAB' is already up"; return 0
        fi
    fi
    teardown
    mkdir -p "$STATE/log"
    mv "$tmp" "$STATE/config"
    read_config "$STATE/config"
    trap 'note "up failed; removing the lab"; teardown' EXIT
    plan_inet
    for name in "${ORDER[@]}"; do
        case ${KIND[$name]} in
        public) ns_new "$name"; plan_site "$name" eth0 ;;
        nat)    plan_nat "$name" ;;
        host)   ns_new "$name"; plan_lan "$name" eth0 ;;
        esac
    done
    build
    router_sysctl "${NS}inet"
    inet_rules | ip netns exec "${NS}inet" nft -f - || die "nft refused the rules of the internet"
    if delayed; then
        spawn_in inet wanem "$PYTHON" "$HERE/wanem.py" wanem --delay "$INET_DELAY" --jitter "$INET_JITTER" >/dev/null
        services+=(wanem)
    fi
    for name in "${ORDER[@]}"; do
        if is_stun "$name"; then start_stun "$name"; services+=("stun-$name"); fi
        [[ ${KIND[$name]} == nat ]] || continue
        nat_apply "$name" fresh
        if [[ $B_PORTMAP != off ]]; then start_portmap "$name"; services+=("portmap-$name"); fi
    done
    for name in "${services[@]}"; do started "$name"; done
    edition > "$STATE/ready"
    trap - EXIT
    note "lab '$LAB' is up: ${#ORDER[@]} hosts"
}

started() { wait_for "$STATE/log/$1.log" ready || die "$1 did not start"; }

edition() { cat "$SELF" "$HERE"/*.sh "$HERE"/*.py | cksum; }

all_there() {
    local ns
    while read -r ns; do ns_exists "$ns" || return 1; done < "$STATE/namespaces"
}

start_stun() { # NAME
    local name=$1 a; read -r -a a <<< "${ADDR[$name]}"
    spawn_in "$name" "stun-$name" "$PYTHON" "$HERE/natprobe.py" serve "${a[0]}" "${a[1]}" \
        --port $STUN_PORT --alt-port $STUN_ALT_PORT >/dev/null
}

# UPnP-IGD, NAT-PMP and PCP for the hosts behind a router.
start_portmap() { # NAME
    local name=$1 mode
    opt mode "$name" portmap off
    local -a how=()
    case $mode in
    on)   ;;
    deny) how=(--deny) ;;
    *)    how=(--protocols "$mode") ;;
    esac
    spawn_in "$name" "portmap-$name" "$PYTHON" "$HERE/portmapd.py" --external "${ADDR[$name]}" \
        --lan "${LAN[$name]}.1" --network "${LAN[$name]}" "${how[@]}" > "$STATE/portmap-$name.pid"
}

# Ends the processes in the lab's own namespaces, and removes those.
teardown() {
    local ns i pid pids left namespaces
    namespaces=$(own_namespaces)
    pids=$(pids_in $namespaces)
    for pid in $pids; do kill -TERM "$pid" 2>/dev/null; done
    for ((i = 0; i < 60; i++)); do
        left=""
        for pid in $pids; do [[ -e /proc/$pid/ns/net ]] && left+=" $pid"; done
        [[ -z $left ]] && break
        [[ $i -eq 30 ]] && for pid in $left; do kill -KILL "$pid" 2>/dev/null; done
        sleep 0.05
    done
    for ns in $namespaces; do echo "netns del $ns"; done | ip -force -batch - 2>/dev/null
    rm -rf -- "$STATE"
}

pids_in() { # NAMESPACE...: processes that run in any of them
    [[ $# -gt 0 ]] || return 0
    local ns
    { for ns; do echo "/run/netns/$ns"; done | xargs stat -L -c '%i n' 2>/dev/null
      stat -L -c '%i %n' /proc/[0-9]*/ns/net 2>/dev/null; } |
        awk -v self=$$ '$2 == "n" { mine[$1] = 1; next }
            $1 in mine { split($2, path, "/"); if (path[3] != self) print path[3] }'
}

cmd_down() {
    need_root
    lock
    if [[ -d $STATE || -n $(own_namespaces) ]]; then teardown; note "lab '$LAB' is down"; else note "lab '$LAB' was not up"; fi
}

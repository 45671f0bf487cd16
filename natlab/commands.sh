# shellcheck shell=bash
# A part of natlab: what can be done while the lab is up.

describe() { # NAME -> one word about it
    case ${KIND[$1]} in
    public) if is_stun "$1"; then echo "public,stun"; else echo public; fi ;;
    nat)    nat_behaviour "$1"; echo "nat,$B_TYPE" ;;
    host)   nat_behaviour "${PARENT[$1]}"; echo "host,$B_TYPE" ;;
    esac
}

cmd_list() {
    need_lab
    local name
    printf '%-20s %-24s %-12s %-16s %s\n' HOST KIND BEHIND ADDRESS MORE
    for name in "${ORDER[@]}"; do
        local a; read -r -a a <<< "${ADDR[$name]}"
        printf '%-20s %-24s %-12s %-16s %s\n' "$name" "$(describe "$name")" "${PARENT[$name]}" "${a[0]}" \
            "${a[*]:1}${LAN[$name]+lan ${LAN[$name]}.0/24}"
    done
}

cmd_env() {
    need_lab
    local name a p
    echo "NATLAB_NAME=$LAB"
    for name in "${ORDER[@]}"; do
        read -r -a a <<< "${ADDR[$name]}"
        echo "NATLAB_IP_$name=${a[0]}"
        [[ ${#a[@]} -gt 1 ]] && echo "NATLAB_IPS_$name='${a[*]}'"
        if [[ ${KIND[$name]} == host ]]; then
            p=${PARENT[$name]}
            nat_behaviour "$p"
            if [[ $B_NAT == yes ]]; then echo "NATLAB_PUBLIC_$name=$(outermost "$p")"; else echo "NATLAB_PUBLIC_$name=${a[0]}"; fi
            echo "NATLAB_TYPE_$name=$B_TYPE"
        fi
        is_stun "$name" && echo "NATLAB_STUN=${a[0]}:$STUN_PORT"
    done
    return 0
}

outermost() { # NAT -> the address the internet sees
    local n=$1
    while [[ ${PARENT[$n]} != inet ]]; do n=${PARENT[$n]}; done
    echo "${ADDR[$n]}"
}

known_host() { [[ $1 == inet || -n ${KIND[$1]-} ]] || die "no host '$1' in lab '$LAB' (natlab list)"; }

cmd_exec() {
    local limit=600 host ns
    if [[ ${1-} == -t ]]; then
        [[ ${2-} =~ ^[0-9]+$ && $2 -gt 0 ]] || die "exec -t SECONDS"
        limit=$2; shift 2
    fi
    [[ $# -ge 2 ]] || die "exec [-t SEC] HOST CMD..."
    need_root; need_lab
    host=$1; shift
    known_host "$host"
    ns=$NS$host
    export NATLAB_NAME=$LAB NATLAB_HOST=$host
    local -a fg=(); [[ -t 0 ]] && fg=(--foreground)
    exec timeout "${fg[@]}" -k 5 "$limit" ip netns exec "$ns" "$@"
}

cmd_spawn() {
    [[ $# -ge 2 ]] || die "spawn HOST CMD..."
    need_root; need_lab
    local host=$1 n=1; shift
    known_host "$host"
    while ! (set -o noclobber; : > "$STATE/log/$host-$n.log") 2>/dev/null; do n=$((n + 1)); done
    export NATLAB_NAME=$LAB NATLAB_HOST=$host
    spawn_in "$host" "$host-$n" "$@"
}

cmd_logs() {
    need_lab
    local f host=${1-}
    for f in "$STATE"/log/"$host"*.log; do
        [[ -f $f ]] || continue
        echo "==> $(basename "$f" .log)"; cat "$f"
    done
}

stun_address() {
    local name a
    for name in "${ORDER[@]}"; do
        if is_stun "$name"; then
            read -r -a a <<< "${ADDR[$name]}"; echo "${a[0]}"; return 0
        fi
    done
    die "no public host of this lab has addrs=2 stun=on"
}

cmd_probe() {
    local json="" stun name
    local -a hosts=() extra=()
    while [[ $# -gt 0 ]]; do
        case $1 in
        --json) json=yes ;;
        --lifetime) [[ -n ${2-} ]] || die "--lifetime S,S.."; extra+=(--lifetime "$2"); shift ;;
        -*) die "probe [--json] [--lifetime S,S..] [HOST...]" ;;
        *) hosts+=("$1") ;;
        esac
        shift
    done
    need_root; need_lab
    stun=$(stun_address) || exit 1
    if [[ ${#hosts[@]} -eq 0 ]]; then
        for name in "${ORDER[@]}"; do [[ ${KIND[$name]} == host ]] && hosts+=("$name"); done
    fi
    local tmp i=0; tmp=$(mktemp -d) || die "no temporary directory"
    for name in "${hosts[@]}"; do
        known_host "$name"
        timeout 120 ip netns exec "$NS$name" "$PYTHON" "$HERE/natprobe.py" probe "$stun" --json "${extra[@]}" \
            > "$tmp/$name" 2>&1 &
        i=$((i + 1)); [[ $((i % 6)) -eq 0 ]] && wait
    done
    wait
    if [[ -n $json ]]; then
        for name in "${hosts[@]}"; do printf '{"host": "%s", "nat": "%s", "probe": %s}\n' "$name" "$(describe "$name")" "$(cat "$tmp/$name")"; done
    else
        ( cd "$tmp" && "$PYTHON" - "${hosts[@]}" <<'PY'
import json, sys
row = "%-18s %-16s %-12s %-12s %-16s %-8s %s"
short = {"endpoint-independent": "endp-indep", "address-dependent": "addr-dep",
         "address-and-port-dependent": "addr+port", "none": "none"}
print(row % ("HOST", "SEEN AS", "MAPPING", "FILTERING", "PORT ALLOCATION", "HAIRPIN", "EXTERNAL"))
for h in sys.argv[1:]:
    text = open(h).read()
    try:
        p = json.loads(text)
    except ValueError:
        print("%-18s probe failed: %s" % (h, text.strip()[-100:]))
        continue
    print(row % (h, p.get("type"), short.get(p.get("mapping"), p.get("mapping")),
                 short.get(p.get("filtering"), p.get("filtering")), p.get("allocation", "-"),
                 p.get("hairpin", "-"), " ".join(dict.fromkeys(m for m in p.get("mapped", []) if m))))
    if "alive_after" in p:
        print("%-18s alive after: %s" % ("", " ".join("%ss=%s" % (k, "yes" if v else "no") for k, v in p["alive_after"].items())))
PY
        )
    fi
    rm -rf -- "$tmp"
}

cmd_set() {
    [[ $# -ge 2 ]] || die "set NAT KEY=VALUE..."
    need_root; lock; need_lab
    local nat=$1 word key value was; shift
    [[ ${KIND[$nat]-} == nat ]] || die "'$nat' is not a NAT of this lab"
    nat_behaviour "$nat"; was=$B_NAT
    local old_addr=${ADDR[$nat]}
    for word; do
        key=${word%%=*} value=${word#*=}
        [[ $word == *=* && -n ${NAT_KEYS[$key]-} ]] || die "'$word': unknown option"
        case $key in hosts|lan|via|portmap) die "$key= cannot be changed while the lab is up" ;; esac
        OVERRIDE[$nat,$key]=$value
    done
    read_config "$STATE/config"
    nat_behaviour "$nat"
    [[ $B_NAT == "$was" ]] || die "a router cannot change between translating and not translating"
    : > "$STATE/overrides.new"
    for key in "${!OVERRIDE[@]}"; do echo "${key/,/ } ${OVERRIDE[$key]}" >> "$STATE/overrides.new"; done
    mv "$STATE/overrides.new" "$STATE/overrides"
    if [[ ${ADDR[$nat]} != "$old_addr" ]]; then
        ip -n "$NS$nat" addr del "$old_addr/24" dev wan
        ip -n "$NS$nat" addr add "${ADDR[$nat]}/24" dev wan
        ip -n "$NS$nat" route replace default via "${GW[$nat]}"
        [[ $was == no ]] && ip -n "${NS}inet" route replace "${LAN[$nat]}.0/24" via "${ADDR[$nat]}"
    fi
    nat_apply "$nat"
}

cmd_flush() {
    need_root; need_lab
    local name
    local -a nats=("$@")
    if [[ ${#nats[@]} -eq 0 ]]; then
        for name in "${ORDER[@]}"; do [[ ${KIND[$name]} == nat ]] && nats+=("$name"); done
    fi
    for name in "${nats[@]}"; do
        [[ ${KIND[$name]-} == nat ]] || die "'$name' is not a NAT of this lab"
        nat_apply "$name"
    done
}

cmd_show() {
    [[ $# -eq 1 ]] || die "show NAT"
    need_root; need_lab
    [[ ${KIND[$1]-} == nat || $1 == inet ]] || die "'$1' is not a router of this lab"
    ip netns exec "$NS$1" nft list table ip natlab
    [[ $1 == inet ]] && return 0
    echo "# tracked flows"
    if command -v conntrack >/dev/null 2>&1; then
        ip netns exec "$NS$1" conntrack -L -p udp 2>/dev/null
    else
        echo "# (install conntrack to see them)"
    fi
}

cmd_rules() {
    [[ $# -eq 2 ]] || die "rules CONFIG NAT"
    read_config "$1"
    [[ ${KIND[$2]-} == nat ]] || die "'$2' is not a NAT of $1"
    nat_rules "$2"
}

cmd_check() {
    local bad=0 t
    for t in ip nft "$PYTHON" flock timeout setsid sysctl; do
        if command -v "$t" >/dev/null 2>&1; then echo "ok      $t"; else echo "MISSING $t"; bad=1; fi
    done
    [[ $(id -u) -eq 0 ]] && echo "ok      root" || { echo "MISSING root"; bad=1; }
    if [[ $bad -eq 0 ]]; then
        local old=$LAB; LAB=check$$
        if printf 'public p addrs=2 stun=on\nnat n type=full-cone hairpin=on\n' | timeout 60 "$SELF" -n "$LAB" up - >/dev/null 2>&1; then
            echo "ok      namespaces, veth, bridge, nftables NAT, connection tracking"
        else
            echo "MISSING kernel support (namespaces, veth, bridge, nftables NAT, connection tracking)"; bad=1
        fi
        timeout 60 "$SELF" -n "$LAB" down >/dev/null 2>&1
        LAB=$old
    fi
    for t in conntrack tcpdump; do
        command -v "$t" >/dev/null 2>&1 && echo "ok      $t (optional)" || echo "absent  $t (optional)"
    done
    return $bad
}

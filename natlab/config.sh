# shellcheck shell=bash
# A part of natlab: what a config says, and the addresses that follow.
#
# KIND[name]  internet|public|nat|host     PARENT[name]  where its uplink goes
# OPT[name,key] options as written         ADDR[name]    its address(es)

declare -A KIND PARENT OPT ADDR GW IDX LAN OVERRIDE
declare -a ORDER
INET_DELAY=0 INET_JITTER=0 INET_LOSS=0 INET_MINTTL=0

opt() { # VARIABLE NAME KEY DEFAULT: what 'set' or the config says, or the default
    local opt_=${OVERRIDE[$2,$3]-${OPT[$2,$3]-}}
    printf -v "$1" %s "${opt_:-$4}"
}

is_stun() { local v; opt v "$1" stun off; [[ $v == on ]]; }

number() { [[ $1 =~ ^[0-9]+$ ]]; }

check_name() { [[ $1 =~ ^[a-zA-Z][a-zA-Z0-9_]{0,19}$ ]] || die "line $2: bad name '$1' (letters, digits, _; at most 20)"; }

declare -A NAT_KEYS=([type]=1 [hosts]=1 [mapping]=1 [filtering]=1 [alloc]=1 [hairpin]=1
                     [timeout]=1 [wan_input]=1 [lan]=1 [via]=1 [wan]=1 [portmap]=1)
declare -A PUBLIC_KEYS=([addrs]=1 [stun]=1)

read_config() { # FILE
    local line word name key value n=0 kind
    KIND=() PARENT=() OPT=() ADDR=() GW=() IDX=() LAN=() ORDER=()
    while IFS= read -r line || [[ -n $line ]]; do
        n=$((n + 1))
        line=${line%%#*}
        # shellcheck disable=SC2086
        set -- $line
        [[ $# -eq 0 ]] && continue
        kind=$1; shift
        case $kind in
        internet)
            for word; do
                key=${word%%=*} value=${word#*=}
                [[ $value =~ ^[0-9]+(\.[0-9]+)?$ ]] || die "line $n: '$word': not a number"
                case $key in
                delay)  INET_DELAY=$value ;;
                jitter) INET_JITTER=$value ;;
                loss)   INET_LOSS=$value ;;
                minttl) INET_MINTTL=$value ;;
                *) die "line $n: unknown internet option '$key'" ;;
                esac
            done ;;
        public|nat)
            [[ $# -ge 1 ]] || die "line $n: $kind needs a name"
            name=$1; shift
            check_name "$name" $n
            [[ -z ${KIND[$name]-} && $name != inet ]] || die "line $n: '$name' is defined twice"
            KIND[$name]=$kind
            PARENT[$name]=inet
            ORDER+=("$name")
            for word; do
                [[ $word == *=* ]] || die "line $n: '$word' is not KEY=VALUE"
                key=${word%%=*} value=${word#*=}
                if [[ $kind == nat ]]; then [[ -n ${NAT_KEYS[$key]-} ]] || die "line $n: unknown nat option '$key'"
                else [[ -n ${PUBLIC_KEYS[$key]-} ]] || die "line $n: unknown public option '$key'"; fi
                OPT[$name,$key]=$value
            done ;;
        *) die "line $n: unknown word '$kind' (internet, public, nat)" ;;
        esac
    done < "$1"
    [[ ${#ORDER[@]} -gt 0 ]] || die "the config defines nothing"
    plan
}

# Work out addresses. Public side: 10.0.SITE.0/24, one per neighbour of the
# internet (.1 is the internet's end). Private side: 192.168.N.0/24 per NAT,
# or 10.128.N.0/24 (reachable, "public") behind a NAT-less firewall.
plan() {
    local name site=0 natno=0 k h hosts via count stun lan
    local -a names=("${ORDER[@]}")
    declare -gA LEASE=()
    ORDER=()
    for name in "${names[@]}"; do
        if [[ ${KIND[$name]} == public ]]; then
            site=$((site + 1)); [[ $site -le $MAX_SITES ]] || die "too many hosts"
            IDX[$name]=$site GW[$name]=10.0.$site.1
            opt count "$name" addrs 1
            number "$count" && [[ $count -ge 1 && $count -le 100 ]] || die "$name: bad addrs=$count"
            ADDR[$name]=10.0.$site.2
            for ((k = 1; k < count; k++)); do ADDR[$name]+=" 10.0.$site.$((k + 2))"; done
            opt stun "$name" stun off
            case $stun in
            on) [[ $count -ge 2 ]] || die "$name: stun=on needs addrs=2" ;;
            off) ;;
            *) die "$name: stun=on or stun=off" ;;
            esac
            ORDER+=("$name")
            continue
        fi
        # a NAT
        natno=$((natno + 1)); [[ $natno -le $MAX_SITES ]] || die "too many NATs"
        opt via "$name" via ""
        nat_behaviour "$name"
        if [[ -n $via ]]; then
            [[ ${KIND[$via]-} == nat && -n ${LAN[$via]-} ]] || die "$name: via=$via must be a NAT defined above it"
            [[ $B_NAT == yes ]] || die "$name: via= needs a type that translates"
            PARENT[$name]=$via
            LEASE[$via]=$((${LEASE[$via]:-200} + 1))
            ADDR[$name]=${LAN[$via]}.${LEASE[$via]} GW[$name]=${LAN[$via]}.1 IDX[$name]=$((100 + natno))
        else
            site=$((site + 1)); [[ $site -le $MAX_SITES ]] || die "too many hosts"
            opt k "$name" wan 2
            number "$k" && [[ $k -ge 2 && $k -le 254 ]] || die "$name: wan= is 2 to 254"
            IDX[$name]=$site ADDR[$name]=10.0.$site.$k GW[$name]=10.0.$site.1
        fi
        opt lan "$name" lan "192.168.$natno"
        [[ $B_NAT == no ]] && lan=10.128.$natno
        LAN[$name]=$lan
        [[ ${LAN[$name]} =~ ^(192\.168|172\.(1[6-9]|2[0-9]|3[01])|100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])|10\.[0-9]+)\.[0-9]+$ ]] ||
            die "$name: lan=${LAN[$name]} is not the first three bytes of a private network"
        ORDER+=("$name")
        opt hosts "$name" hosts 1
        number "$hosts" && [[ $hosts -le 50 ]] || die "$name: bad hosts=$hosts"
        for ((k = 1; k <= hosts; k++)); do
            h=${name}_h$k
            [[ -z ${KIND[$h]-} ]] || die "'$h' is defined twice"
            KIND[$h]=host PARENT[$h]=$name IDX[$h]=$k
            ADDR[$h]=${LAN[$name]}.$((k + 10)) GW[$h]=${LAN[$name]}.1
            ORDER+=("$h")
        done
    done
}

# -> B_NAT (yes/no) B_MAP B_FILTER B_ALLOC B_HAIRPIN B_TIMEOUT B_TIMEOUT0 B_INPUT
nat_behaviour() { # NAME
    local name=$1 type
    opt type "$name" type port-restricted
    B_NAT=yes B_MAP=eim B_FILTER=apdf B_ALLOC=preserve B_HAIRPIN=off B_UDP=pass
    case $type in
    full-cone)       B_FILTER=eif ;;
    addr-restricted) B_FILTER=adf ;;
    port-restricted) ;;
    symmetric)       B_MAP=apdm B_ALLOC=random ;;
    symmetric-seq)   B_MAP=apdm B_ALLOC=sequential ;;
    symmetric-addr)  B_MAP=adm B_ALLOC=random ;;
    linux)           B_MAP=linux ;;
    udp-blocked)     B_UDP=drop ;;
    firewall)        B_NAT=no ;;
    open)            B_NAT=no B_FILTER=none ;;
    *) die "$name: unknown type '$type'" ;;
    esac
    B_TYPE=$type
    opt B_MAP "$name" mapping $B_MAP
    opt B_FILTER "$name" filtering $B_FILTER
    opt B_ALLOC "$name" alloc $B_ALLOC
    opt B_HAIRPIN "$name" hairpin $B_HAIRPIN
    opt B_INPUT "$name" wan_input drop
    opt B_TIMEOUT "$name" timeout 120
    B_TIMEOUT0=${B_TIMEOUT%%/*} B_TIMEOUT=${B_TIMEOUT##*/}
    [[ $B_MAP =~ ^(eim|adm|apdm|linux)$ ]]              || die "$name: mapping= eim, adm, apdm or linux"
    [[ $B_FILTER =~ ^(eif|adf|apdf|none)$ ]]            || die "$name: filtering= eif, adf, apdf or none"
    [[ $B_ALLOC =~ ^(preserve|random|sequential)$ ]]    || die "$name: alloc= preserve, random or sequential"
    [[ $B_HAIRPIN =~ ^(on|off)$ ]]                      || die "$name: hairpin= on or off"
    [[ $B_INPUT =~ ^(drop|reject|accept)$ ]]            || die "$name: wan_input= drop, reject or accept"
    opt B_PORTMAP "$name" portmap off
    [[ $B_PORTMAP =~ ^(on|off|deny|(pmp|pcp|upnp)(,(pmp|pcp|upnp))*)$ ]] ||
        die "$name: portmap= on, off, deny, or a list of pmp,pcp,upnp"
    number "$B_TIMEOUT0" && number "$B_TIMEOUT" && [[ $B_TIMEOUT -ge 1 && $B_TIMEOUT0 -ge 1 ]] ||
        die "$name: timeout= SECONDS or UNREPLIED/REPLIED"
    [[ $B_MAP == linux && ( $B_FILTER != apdf || $B_HAIRPIN == on || $B_ALLOC != preserve ) ]] &&
        die "$name: mapping=linux is the kernel's plain masquerade; it takes no other behaviour"
    [[ $B_NAT == yes && $B_FILTER == none ]] && die "$name: filtering=none is for type=open"
    [[ $B_PORTMAP != off && ( $B_NAT == no || $B_MAP == linux ) ]] &&
        die "$name: portmap= is for types that translate, other than linux"
    [[ $B_NAT == no && $B_HAIRPIN == on ]] && die "$name: hairpin= is for types that translate"
    return 0
}

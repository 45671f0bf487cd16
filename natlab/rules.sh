# shellcheck shell=bash
# A part of natlab: what makes a router a NAT of its kind.
#
# The kernel's NAT gives address-and-port-dependent filtering by itself (a reply
# must match a tracked flow) and, with "random", an unpredictable external port
# per flow. Everything else is built from sets that the packet path fills:
#
#   port_of   private endpoint (plus destination address for adm) -> external port
#   owner     external port -> private endpoint
#   used      external ports in use, so that port preservation never overloads one
#   peers     (external port, remote address[, remote port]) sent to by the owner
#
# 'learn' runs after source NAT, sees the external port the kernel gave, and
# refreshes all of these on every outbound packet. A new outbound flow reuses
# port_of; a new inbound one is translated through owner if its filter allows.

nat_rules() { # NAME
    local name=$1 pub=${ADDR[$1]} t
    nat_behaviour "$name"
    t="flags dynamic,timeout; timeout ${B_TIMEOUT}s; size 131072;"
    local spread="snat to $pub:1024-65535 random" plain="snat to $pub"
    local map_key peer_o peer_r peer_in input portmap
    portmap=$B_PORTMAP
    echo "table ip natlab"
    echo "delete table ip natlab"
    echo "table ip natlab {"

    case $B_INPUT in
    drop)   input="drop" ;;
    reject) input="reject with icmp type port-unreachable" ;;
    accept) input="accept" ;;
    esac

    # --- what may pass, and what may talk to the router itself
    echo "  chain input {"
    echo "    type filter hook input priority filter; policy accept;"
    echo "    iifname \"wan\" ct state established,related accept"
    echo "    iifname \"wan\" icmp type echo-request accept"
    echo "    iifname \"wan\" $input"
    [[ $B_NAT == yes ]] && echo "    iifname \"lan\" ip daddr $pub meta l4proto udp drop"
    echo "  }"
    echo "  chain forward {"
    echo "    type filter hook forward priority filter; policy drop;"
    [[ $B_UDP == drop ]] && echo "    meta l4proto udp drop"
    if [[ $B_FILTER == none ]]; then
        echo "    accept"
    else
        echo "    ct state established,related accept"
        echo "    ct state invalid drop"
        echo "    iifname \"lan\" oifname \"wan\" accept"
        [[ $B_NAT == yes ]] && echo "    ct status dnat accept"
        [[ $B_NAT == no && $B_FILTER == eif ]] && echo "    iifname \"wan\" ip daddr . udp dport @open accept"
        [[ $B_NAT == no && $B_FILTER == adf ]] && echo "    iifname \"wan\" ip daddr . udp dport . ip saddr @open accept"
    fi
    echo "  }"

    if [[ $B_NAT == no ]]; then
        if [[ $B_FILTER == eif || $B_FILTER == adf ]]; then
            local kt="ipv4_addr . inet_service" k="ip saddr . udp sport"
            [[ $B_FILTER == adf ]] && kt+=" . ipv4_addr" k+=" . ip daddr"
            echo "  set open { type $kt; $t }"
            echo "  chain learn {"
            echo "    type filter hook postrouting priority srcnat + 50; policy accept;"
            echo "    oifname \"wan\" meta l4proto udp update @open { $k }"
            echo "  }"
        fi
        echo "}"
        return 0
    fi

    if [[ $B_MAP == linux ]]; then
        echo "  chain srcnat {"
        echo "    type nat hook postrouting priority srcnat; policy accept;"
        echo "    oifname \"wan\" masquerade"
        echo "  }"
        echo "}"
        return 0
    fi

    # --- mapping
    case $B_MAP in
    eim) map_key="ip saddr . udp sport"
         echo "  map port_of { type ipv4_addr . inet_service : inet_service; $t }" ;;
    adm) map_key="ip saddr . udp sport . ip daddr"
         echo "  map port_of { type ipv4_addr . inet_service . ipv4_addr : inet_service; $t }" ;;
    esac
    echo "  map owner { type inet_service : ipv4_addr . inet_service; $t }"
    if [[ $portmap != off ]]; then      # static mappings, filled by portmapd
        echo "  map portmap_in { type inet_service : ipv4_addr . inet_service; }"
        echo "  map portmap_out { type ipv4_addr . inet_service : inet_service; }"
    fi
    echo "  set used { type inet_service; $t }"
    case $B_FILTER in
    adf)  echo "  set peers { type inet_service . ipv4_addr; $t }"
          peer_o="udp sport . ct original ip daddr" peer_r="udp sport . ct reply ip daddr"
          peer_in="udp dport . ip saddr @peers" ;;
    apdf) echo "  set peers { type inet_service . ipv4_addr . inet_service; $t }"
          peer_o="udp sport . ct original ip daddr . ct original proto-dst"
          peer_r="udp sport . ct reply ip daddr . ct reply proto-dst"
          peer_in="udp dport . ip saddr . udp sport @peers" ;;
    eif)  peer_o="" peer_r="" peer_in="" ;;
    esac

    if [[ $B_ALLOC == sequential ]]; then
        # (a map, because nft takes a bare numgen as a port in the wrong byte order)
        echo "  map next_port { typeof numgen inc mod $SEQ_PORTS : udp sport; elements = {"
        seq "$SEQ_FIRST" $((SEQ_FIRST + SEQ_PORTS - 1)) | awk '{printf "%d : %d, ", NR - 1, $1} END {print "} }"}'
    fi
    echo "  chain allocate {"
    [[ $portmap != off ]] && echo "    meta l4proto udp snat ip to $pub : ip saddr . udp sport map @portmap_out"
    if [[ $B_MAP != apdm ]]; then
        echo "    meta l4proto udp snat ip to $pub : $map_key map @port_of"
    fi
    case $B_ALLOC in
    preserve)   echo "    udp sport @used $spread" ;;
    random)     echo "    meta l4proto udp $spread" ;;
    sequential) echo "    meta l4proto udp snat ip to $pub : numgen inc mod $SEQ_PORTS map @next_port" ;;
    esac
    echo "    $plain"
    echo "  }"
    echo "  chain srcnat {"
    echo "    type nat hook postrouting priority srcnat; policy accept;"
    echo "    oifname \"wan\" jump allocate"
    [[ $B_HAIRPIN == on ]] && echo "    iifname \"lan\" oifname \"lan\" ct status dnat jump allocate"
    echo "  }"

    echo "  chain learn {"
    echo "    meta l4proto != udp return"
    case $B_MAP in
    eim) echo "    meta l4proto udp ct direction original update @port_of { ct original ip saddr . ct original proto-src : udp sport }"
         echo "    meta l4proto udp ct direction reply update @port_of { ct reply ip saddr . ct reply proto-src : udp sport }" ;;
    adm) echo "    meta l4proto udp ct direction original update @port_of { ct original ip saddr . ct original proto-src . ct original ip daddr : udp sport }"
         echo "    meta l4proto udp ct direction reply update @port_of { ct reply ip saddr . ct reply proto-src . ct reply ip daddr : udp sport }" ;;
    esac
    echo "    meta l4proto udp ct direction original update @owner { udp sport : ct original ip saddr . ct original proto-src }"
    echo "    meta l4proto udp ct direction reply update @owner { udp sport : ct reply ip saddr . ct reply proto-src }"
    echo "    update @used { udp sport }"
    if [[ -n $peer_o ]]; then
        echo "    meta l4proto udp ct direction original update @peers { $peer_o }"
        echo "    meta l4proto udp ct direction reply update @peers { $peer_r }"
    fi
    echo "  }"
    echo "  chain after_srcnat {"
    echo "    type filter hook postrouting priority srcnat + 50; policy accept;"
    echo "    oifname \"wan\" jump learn"
    [[ $B_HAIRPIN == on ]] && echo "    iifname \"lan\" oifname \"lan\" ct status dnat jump learn"
    echo "  }"

    # --- filtering
    echo "  chain dstnat {"
    echo "    type nat hook prerouting priority dstnat; policy accept;"
    [[ $portmap != off ]] && echo "    iifname \"wan\" ip daddr $pub dnat ip to udp dport map @portmap_in"
    echo "    iifname \"wan\" ip daddr $pub $peer_in dnat ip to udp dport map @owner"
    [[ $B_HAIRPIN == on ]] && echo "    iifname \"lan\" ip daddr $pub dnat ip to udp dport map @owner"
    echo "  }"
    if [[ $B_HAIRPIN == on && $B_FILTER != eif ]]; then
        local hp="ct original proto-dst . ip saddr"
        [[ $B_FILTER == apdf ]] && hp+=" . udp sport"
        echo "  chain hairpin_filter {"
        echo "    type filter hook postrouting priority srcnat + 60; policy accept;"
        echo "    iifname \"lan\" oifname \"lan\" ct status dnat ct direction original meta l4proto udp $hp != @peers drop"
        echo "  }"
    fi
    echo "}"
}

inet_rules() { # what an internet would not carry is dropped and counted
    echo "table ip natlab {"
    echo "  counter bogons { }"
    echo "  counter lost { }"
    echo "  chain arrive {"
    echo "    type filter hook prerouting priority raw; policy accept;"
    echo "    iifname \"v*\" ip saddr != { 10.0.0.0/16, 10.128.0.0/16 } counter name bogons drop"
    echo "    iifname \"v*\" ip daddr != { 10.0.0.0/16, 10.128.0.0/16 } counter name bogons drop"
    echo "  }"
    echo "  chain forward {"
    echo "    type filter hook forward priority filter; policy accept;"
    [[ $INET_MINTTL != 0 ]] && echo "    iifname \"v*\" ip ttl < $INET_MINTTL drop"
    [[ $INET_LOSS != 0 ]] && echo "    iifname \"v*\" numgen random mod 10000 < $(
        awk -v l="$INET_LOSS" 'BEGIN{printf "%d", l*100}') counter name lost drop"
    echo "  }"
    echo "}"
}

package org.dhtrpc.transport.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

/** The end of Netty's pipeline, and all there is in it. */
final class Inbound extends ChannelInboundHandlerAdapter {
    private final NettyTransport transport;

    Inbound(NettyTransport transport) {
        this.transport = transport;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        try {
            transport.deliver(packet.sender(), packet.content());
        } finally {
            packet.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        transport.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        transport.refused(cause);
    }

    /** The channel was closed, by us or by Netty. */
    @Override
    public void channelInactive(ChannelHandlerContext context) {
        transport.close();
    }
}

#ifndef HLSGO_HLS_STREAM_H_
#define HLSGO_HLS_STREAM_H_

// hls::stream for C simulation: an unbounded FIFO. The depth that hardware needs is set by pragmas in the
// generated code.

#ifdef __SYNTHESIS__
#error "these headers are for C simulation; use the hls_stream.h of the HLS tool for synthesis"
#endif

#include <deque>
#include <iostream>
#include <stdexcept>
#include <string>

namespace hls {

// How many streams were destroyed while they still held data. A test bench ends with
//     return hls::undrained_streams() == 0 ? 0 : 1;
// since data left behind stalls the hardware.
inline unsigned &undrained_streams() {
    static unsigned count = 0;
    return count;
}

template <class T, int Depth = 0> class stream {
  public:
    stream() : name_("unnamed") {}
    explicit stream(const std::string &name) : name_(name) {}
    stream(const stream &) = delete;
    stream &operator=(const stream &) = delete;

    ~stream() {
        if (data_.empty())
            return;
        undrained_streams()++;
        std::cerr << "WARNING: hls::stream '" << name_ << "' destroyed with " << data_.size()
                  << " elements not read\n";
    }

    bool empty() const { return data_.empty(); }
    bool full() const { return false; }
    std::size_t size() const { return data_.size(); }
    const std::string &name() const { return name_; }

    void write(const T &x) { data_.push_back(x); }
    bool write_nb(const T &x) {
        write(x);
        return true;
    }

    // Reading an empty stream would block for ever in hardware: an error here.
    T read() {
        if (data_.empty())
            throw std::runtime_error("hls::stream '" + name_ + "': read while empty");
        const T x = data_.front();
        data_.pop_front();
        return x;
    }
    void read(T &x) { x = read(); }
    bool read_nb(T &x) {
        if (data_.empty())
            return false;
        x = read();
        return true;
    }

    void operator>>(T &x) { read(x); }
    void operator<<(const T &x) { write(x); }

  private:
    std::string name_;
    std::deque<T> data_;
};

} // namespace hls

#endif
